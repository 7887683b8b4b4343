-- How VMs come under protection, under which policy, and out of it.

alter table policy rename column retention to retention_points;
alter table policy add column retention_age_millis bigint check (retention_age_millis > 0);
alter table policy add column rpo_objective_millis bigint;
alter table policy add column consistency text check (consistency in ('APPLICATION', 'CRASH'));
update policy set rpo_objective_millis = 2 * interval_millis,
                  consistency = case when quiesced then 'APPLICATION' else 'CRASH' end;
alter table policy alter column rpo_objective_millis set not null;
alter table policy alter column consistency set not null;
alter table policy drop column quiesced;
alter table policy add check (rpo_objective_millis >= interval_millis);

-- The networks of a replica follow from its map and from production's network cards.
alter table replica add column network_map jsonb not null default '[]';
alter table replica add column placement jsonb not null default '{}';
-- Where a cycle has seen the replica's VM to. While it differs from the placement, the next cycle moves the VM.
alter table replica add column placed jsonb not null default '{}';
-- Its disks held something before the first copy, which therefore has to compare.
alter table replica add column seeded boolean not null default false;
-- When all of it was last compared with production, and how long the policy lets it go by change lists.
alter table replica add column compared_at timestamptz;
alter table policy add column compare_every_millis bigint check (compare_every_millis >= interval_millis);

-- A VM that is being protected now: the claim before there is a replica. One row for each production VM is what makes
-- two protections at once end with one replica.
create table reservation (
  production_site text        not null references site,
  production_vm   text        not null,
  replica_id      text        not null unique,
  recovery_site   text        not null references site,
  operation_id    text        not null,
  workflow_id     text        not null,
  run_id          text        not null,
  asked_by        text        not null,
  generation      bigint      not null,
  epoch           bigint      not null unique,
  highest_step    bigint      not null default 0,
  reserved_at     timestamptz not null default clock_timestamp(),
  primary key (production_site, production_vm)
);

create table protection_rule (
  id       text        primary key,
  rule     jsonb       not null,
  asked_by text        not null,
  since    timestamptz not null default clock_timestamp()
);

-- No reference to replica: a VM that somebody unprotects must not be protected by the rule again a minute later.
create table protection_rule_vm (
  rule_id       text        not null references protection_rule on delete cascade,
  production_vm text        not null,
  joined_at     timestamptz not null default clock_timestamp(),
  primary key (rule_id, production_vm)
);
