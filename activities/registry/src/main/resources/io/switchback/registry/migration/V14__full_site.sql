-- How the site's appliance is the gateway of networks whose production is lost; null: it is not.
alter table site add column full_site jsonb;

-- A network has a pair of its own for each mode, so that what is left of the one is removed while the other serves.
alter table network_pair add column mode text not null default 'TUNNEL' check (mode in ('TUNNEL', 'FULL_SITE'));
alter table network_pair
  drop constraint network_pair_production_site_production_network_recovery_si_key,
  add unique (production_site, production_network, recovery_site, recovery_network, mode);

-- How the replica's networks were served when it failed over last.
alter table replica add column network_mode text not null default 'TUNNEL' check (network_mode in ('TUNNEL', 'FULL_SITE'));
