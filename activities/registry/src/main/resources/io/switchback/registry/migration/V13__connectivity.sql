-- What brings production's networks to a site, and which networks there are; empty: not said.
alter table site
  add connectivity text   not null default 'APPLIANCE' check (connectivity in ('APPLIANCE', 'NSX_EDGE', 'IPSEC')),
  add networks     text[] not null default '{}';
