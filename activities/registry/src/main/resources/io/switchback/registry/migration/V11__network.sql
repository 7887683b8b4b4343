-- How a site's appliance is reached that extends networks, and how a network is extended.
alter table site add column tunnels jsonb;
alter table site_network add column extent jsonb;

-- A production network and what it is called at the recovery site, from the first replica on that
-- needs the one extended to the other. The row stays: an appliance that has seen its revision
-- refuses lower ones for ever.
create table network_pair (
  number             integer primary key check (number between 1 and 254),
  production_site    text    not null,
  production_network text    not null,
  recovery_site      text    not null,
  recovery_network   text    not null,
  -- As it was when somebody joined last: what is open must be closed after the map has changed.
  extent             jsonb   not null,
  -- Of everything that was asked of it.
  revision           bigint  not null default 0 check (revision >= 0),
  -- Whether nothing was left of it when it was looked last.
  closed             boolean not null default true,
  -- How the sides were at which revision.
  seen_revision      bigint  not null default 0,
  recovery           jsonb,
  production         jsonb,
  unique (production_site, production_network, recovery_site, recovery_network)
);

-- The replicas that need it.
create table network_member (
  pair       integer not null references network_pair (number),
  replica_id text    not null references replica (id) on delete cascade,
  addresses  text[]  not null,
  -- Of the claim under which it joined.
  epoch      bigint  not null,
  primary key (pair, replica_id)
);
