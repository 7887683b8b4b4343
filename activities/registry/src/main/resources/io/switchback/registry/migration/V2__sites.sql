-- What an operator says of sites: how they are reached, where replicas stand there, what networks are called.

alter table site
  add kind       text not null default 'LAB' check (kind in ('LAB')),
  add address    text not null default '',
  -- Where the credential is to be found; never the credential itself.
  add credential text check (credential ~ '^(file|env|command):.'),
  -- Of replicas there, where nothing else was asked for; empty: the site's choice.
  add host       text not null default '',
  add datastore  text not null default '',
  add folder     text not null default '',
  -- Name of the VM there that extends networks; empty: none is needed.
  add appliance  text not null default '',
  -- How its room is watched; what is left out is as usual.
  add room       jsonb not null default '{}';

create table site_pair (
  production_site text not null references site,
  recovery_site   text not null references site,
  primary key (production_site, recovery_site),
  check (production_site <> recovery_site)
);

create table site_network (
  production_site    text not null,
  recovery_site      text not null,
  production_network text not null check (production_network <> ''),
  recovery_network   text not null check (recovery_network <> ''),
  -- Empty: none is set aside for drills.
  drill_network      text not null default '',
  primary key (production_site, recovery_site, production_network),
  foreign key (production_site, recovery_site) references site_pair on delete cascade,
  -- A drill is never on a network that people use.
  check (drill_network <> recovery_network)
);

-- A cap holds for the whole site, or for one place there: a host, a datastore.
alter table admission_lease drop constraint admission_lease_site_cap_fkey;
alter table admission_lease drop constraint admission_lease_pkey;
alter table site_cap drop constraint site_cap_pkey;
alter table site_cap add place text not null default '';
alter table site_cap add primary key (site, cap, place);
alter table admission_lease add place text not null default '';
alter table admission_lease add primary key (site, cap, place, holder);
-- A cap that is no longer wanted takes its leases with it.
alter table admission_lease add foreign key (site, cap, place) references site_cap on delete cascade;

-- Who found no room when he asked last: for people, nobody is admitted by it.
create table admission_wait (
  site     text        not null references site on delete cascade,
  cap      text        not null,
  holder   text        not null check (holder <> ''),
  reason   text        not null,
  since    timestamptz not null default clock_timestamp(),
  asked_at timestamptz not null default clock_timestamp(),
  primary key (site, cap, holder)
);
