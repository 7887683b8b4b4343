-- The truth about the estate. Whatever must never be otherwise is a constraint here and not only an if in the code.

-- The generation is the first part of every fence: a database restored from a backup gets a higher one, so that it
-- cannot reissue numbers that sites have seen.
create table controller (
  only_one   boolean primary key default true check (only_one),
  generation bigint  not null check (generation >= 1)
);
insert into controller (generation) values (1);

-- Never restarts, so that the id of a replica that is gone is never given to another one.
create sequence replica_number;

create table site (
  name text  primary key check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
  pace jsonb not null default '{}'
);

create table site_cap (
  site    text    not null references site,
  cap     text    not null,
  at_most integer not null check (at_most >= 1),
  primary key (site, cap)
);

create table policy (
  name            text    primary key check (name <> ''),
  interval_millis bigint  not null check (interval_millis >= 1000),
  retention       integer not null check (retention >= 1),
  quiesced        boolean not null,
  checks          jsonb   not null default '[]'
);

create table vm (
  site text not null references site,
  id   text not null check (id <> ''),
  name text not null check (name <> ''),
  primary key (site, id),
  unique (site, name)
);

create table replica (
  id              text        primary key check (id <> ''),
  production_site text        not null,
  production_vm   text        not null,
  recovery_site   text        not null,
  recovery_vm     text        not null,
  networks        text[]      not null default '{}',
  policy          text        not null references policy,
  state           text        not null default 'SEEDING' check
    (state in ('SEEDING', 'READY', 'FAILOVER', 'PERMANENT', 'READY_TO_SWITCH', 'FAILBACK')),
  epoch           bigint      not null default 0 check (epoch >= 0),
  cycle           bigint      not null default 0 check (cycle >= 0),
  -- Of the loop that has begun it: by these it is known when an attempt to do so comes again, or late.
  asked_run       text        not null default '',
  asked_number    bigint      not null default 0,
  claimed_by      text,
  last_problem    text,
  -- Of the newest cycle that came to nothing; stays when a later one succeeds and the problem is forgotten.
  last_problem_cycle bigint,
  last_problem_at timestamptz,
  foreign key (production_site, production_vm) references vm (site, id),
  foreign key (recovery_site, recovery_vm) references vm (site, id),
  unique (production_site, production_vm),
  unique (recovery_site, recovery_vm),
  unique (id, production_site, recovery_site),
  check ((production_site, production_vm) <> (recovery_site, recovery_vm))
);

-- No code may take back an epoch or a cycle number that somebody has seen.
create function keep_growing() returns trigger language plpgsql as $$
begin
  if new.epoch < old.epoch or new.cycle < old.cycle then
    raise exception 'epoch and cycle of replica % only grow', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger replica_keeps_growing before update on replica for each row execute function keep_growing();

create table disk (
  replica_id      text    not null,
  position        integer not null check (position >= 0),
  production_site text    not null,
  production_disk text    not null check (production_disk <> ''),
  recovery_site   text    not null,
  recovery_disk   text    not null check (recovery_disk <> ''),
  capacity_bytes  bigint  not null check (capacity_bytes > 0),
  primary key (replica_id, position),
  foreign key (replica_id, production_site, recovery_site)
    references replica (id, production_site, recovery_site) on delete cascade,
  unique (production_site, production_disk),
  unique (recovery_site, recovery_disk)
);

create table restore_point (
  id          text        primary key check (id <> ''),
  replica_id  text        not null references replica on delete cascade,
  cycle       bigint      not null,
  snapshot    text        not null check (snapshot <> ''),
  taken_at    timestamptz not null,
  consistency text        not null check (consistency in ('APPLICATION', 'CRASH')),
  change_ids  jsonb       not null,
  sent_bytes  bigint      not null check (sent_bytes >= 0),
  took_millis bigint      not null check (took_millis >= 0),
  recorded_at timestamptz not null default clock_timestamp(),
  -- Retention has let it go: its snapshot may be gone at any moment, so nobody is offered it any more.
  expired_at  timestamptz,
  unique (replica_id, cycle),
  unique (replica_id, snapshot)
);

create table hold (
  replica_id   text        primary key references replica on delete cascade,
  operation_id text        not null,
  reason       text        not null,
  since        timestamptz not null default clock_timestamp()
);

create table claim (
  replica_id   text        not null references replica on delete cascade,
  operation_id text        not null check (operation_id <> ''),
  operation    text        not null,
  workflow_id  text        not null,
  run_id       text        not null,
  asked_by     text        not null,
  from_state   text        not null,
  generation   bigint      not null,
  epoch        bigint      not null,
  highest_step bigint      not null default 0,
  claimed_at   timestamptz not null default clock_timestamp(),
  released_at  timestamptz,
  primary key (replica_id, operation_id),
  unique (replica_id, epoch),
  check (released_at >= claimed_at)
);
create unique index claim_one_holder on claim (replica_id) where released_at is null;
alter table replica add foreign key (id, claimed_by)
  references claim (replica_id, operation_id) deferrable initially deferred;

-- What workers answered to hello. No reference to site: the queue of the operations answers, too.
create table greeting (
  site               text        not null,
  queue              text        not null,
  worker             text        not null,
  build              text        not null,
  data_address       text,
  highest_generation bigint      not null,
  answered_at        timestamptz not null,
  primary key (site, queue, worker)
);

create table admission_lease (
  site        text        not null,
  cap         text        not null,
  holder      text        not null check (holder <> ''),
  admitted_at timestamptz not null,
  ends_at     timestamptz not null,
  primary key (site, cap, holder),
  foreign key (site, cap) references site_cap
);

-- No reference to replica: the audit outlives what it tells of.
create table audit (
  sequence     bigint      generated always as identity primary key,
  operation_id text        not null,
  operation    text        not null,
  replica_id   text        not null,
  step         text        not null,
  step_number  bigint      not null,
  attempt      integer     not null,
  outcome      text        not null,
  asked_by     text        not null,
  detail       text        not null,
  at           timestamptz not null,
  recorded_at  timestamptz not null default clock_timestamp(),
  unique (operation_id, replica_id, step_number, step, attempt, outcome)
);
create index audit_by_replica on audit (replica_id, sequence);

create function keep_audit() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is only appended to' using errcode = 'check_violation';
end $$;
create trigger audit_is_kept before update or delete on audit for each statement execute function keep_audit();
