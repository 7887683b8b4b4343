-- What cycles carry over and leave behind, and restore points that several VMs share.

-- Two VMs of the same name at two sites number their points alike.
alter table restore_point drop constraint restore_point_pkey;
alter table restore_point add primary key (replica_id, id);
-- The pairs of disks that the point holds; a later one may hold others.
alter table restore_point add column disks jsonb not null default '[]';

-- Production's shape as it was carried over last, and what of it could not be.
alter table replica add column shape jsonb;
alter table replica add column marked text;
alter table replica add column marked_at timestamptz;
-- Restore points go; what was sent for them is counted on.
alter table replica add column sent_bytes_total bigint not null default 0 check (sent_bytes_total >= 0);
alter table replica add column points_total bigint not null default 0 check (points_total >= 0);

-- Who stands on a point or works with it: retention leaves it alone as long as there is a row.
create table restore_point_use (
  replica_id text        not null,
  point_id   text        not null,
  used_by    text        not null check (used_by <> ''),
  reason     text        not null,
  since      timestamptz not null default clock_timestamp(),
  primary key (replica_id, point_id, used_by),
  foreign key (replica_id, point_id) references restore_point on delete cascade
);

create table vm_group (
  name            text   primary key check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
  cycle           bigint not null default 0 check (cycle >= 0),
  last_problem    text,
  last_problem_at timestamptz,
  asked_by        text   not null,
  since           timestamptz not null default clock_timestamp()
);

-- A VM's snapshots can be of one moment with those of one group only.
create table vm_group_member (
  replica_id text primary key references replica on delete cascade,
  group_name text not null references vm_group on delete cascade
);
create index vm_group_members on vm_group_member (group_name);

create table group_point (
  group_name  text        not null references vm_group on delete cascade,
  number      bigint      not null,
  taken_at    timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  expired_at  timestamptz,
  primary key (group_name, number)
);

create table group_point_part (
  group_name text   not null,
  number     bigint not null,
  replica_id text   not null,
  point_id   text   not null,
  primary key (group_name, number, replica_id),
  unique (replica_id, point_id),
  foreign key (group_name, number) references group_point on delete cascade,
  foreign key (replica_id, point_id) references restore_point on delete cascade
);
