-- What is kept of a failback from its begin to its end, which may be weeks later.

alter table replica add unique (id, production_site);

create table failback (
  replica_id       text        primary key,
  operation_id     text        not null check (operation_id <> ''),
  since            timestamptz not null default clock_timestamp(),
  goes_to          text        not null check (goes_to in ('PRODUCTION', 'RESTORED', 'NEW_LOCATION')),
  -- The VM that the data go back to. No reference to vm, where the VMs stand that replicas name.
  target_site      text        not null,
  target_vm        text        not null check (target_vm <> ''),
  target_name      text        not null check (target_name <> ''),
  -- Its disks beside the replica's.
  target_disks     jsonb       not null check (jsonb_array_length(target_disks) > 0),
  -- What the networks of a target that the failback makes are called at the recovery site.
  target_networks  jsonb       not null default '[]',
  target_ran       boolean     not null,
  target_isolated  boolean     not null,
  target_snapshot  text        not null check (target_snapshot <> ''),
  switchover       text        not null check (switchover in ('AUTO', 'MANUAL', 'SCHEDULED')),
  switch_at        timestamptz check ((switchover = 'SCHEDULED') = (switch_at is not null)),
  power_on         boolean     not null,
  round_snapshot   text        check (round_snapshot <> ''),
  round_change_ids jsonb       check ((round_snapshot is null) = (round_change_ids is null)),
  -- When the round was complete; null where nobody wrote that down.
  round_at         timestamptz check (round_at is null or round_snapshot is not null),
  -- How often it is synchronised again while it waits for the switch; null: never.
  resynchronise_every_millis bigint check (resynchronise_every_millis > 0),
  protective_point text,
  -- What production was at the begin, for an end without commit.
  before_vm        text        not null,
  before_name      text        not null,
  before_disks     jsonb       not null check (jsonb_array_length(before_disks) > 0),
  before_shape     jsonb,
  -- Of one replica at once, and at the site that production is at.
  unique (target_site, target_vm),
  foreign key (replica_id, target_site) references replica (id, production_site) on delete cascade,
  -- While it is open nobody forgets the point: undo goes back to it.
  foreign key (replica_id, protective_point) references restore_point (replica_id, id)
);
