-- How the estate is found, beside how it should be: drift of replicas, and room of sites.

-- A restore point whose snapshot was deleted outside: nobody is offered it any more.
alter table restore_point
  add column gone_at      timestamptz,
  add column gone_because text check ((gone_at is null) = (gone_because is null));

-- The last look at a replica.
create table sighting (
  replica_id        text        primary key references replica on delete cascade,
  at                timestamptz not null,
  -- When production was last seen off or unplugged: what somebody agreed to before is over since.
  production_off_at timestamptz
);

create table drift (
  replica_id     text        not null references replica on delete cascade,
  kind           text        not null,
  subject        text        not null,
  sentence       text        not null,
  first_sighting text        not null,
  first_seen_at  timestamptz not null,
  cleared_by     text,
  cleared_at     timestamptz,
  primary key (replica_id, kind, subject, first_sighting),
  check ((cleared_by is null) = (cleared_at is null))
);
create unique index drift_found_once on drift (replica_id, kind, subject) where cleared_at is null;

-- No reference to site: room is kept also of a site that is about to be forgotten.
create table room_sample (
  site           text        not null,
  datastore      text        not null,
  at             timestamptz not null,
  capacity_bytes bigint      not null,
  free_bytes     bigint      not null,
  recorded_at    timestamptz not null default clock_timestamp(),
  primary key (site, datastore, at)
);

-- What people were told of a datastore, so that they are told once.
create table room_notice (
  site       text   not null,
  datastore  text   not null,
  urgency    text   not null check (urgency in ('WARNING', 'ALARM')),
  sighting   text   not null,
  free_bytes bigint not null,
  primary key (site, datastore, urgency)
);
