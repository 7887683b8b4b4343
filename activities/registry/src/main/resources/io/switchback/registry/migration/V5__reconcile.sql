-- How a claim that nobody works on any more is settled, and what a permanent failover leaves behind.

-- The operation whose dead claim this one has taken over, for the states that it may lead to.
alter table claim add column settles text;
-- What the operation was asked for, so that another one can finish it.
alter table claim add column restore_point text;
alter table claim add column vm_side text check (vm_side in ('PRODUCTION', 'RECOVERY'));
-- Who took the replica over; null when the operation released it by itself.
alter table claim add column taken_over_by text;

-- Production VMs that no rule may bring under protection again by itself.
create table excluded_vm (
  site     text        not null references site,
  vm       text        not null check (vm <> ''),
  name     text        not null,
  asked_by text        not null,
  reason   text        not null,
  since    timestamptz not null default clock_timestamp(),
  primary key (site, vm)
);
