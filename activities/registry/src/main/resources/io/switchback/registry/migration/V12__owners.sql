-- Who else answers to addresses of a pair on production's network, and which of a replica's a person wants open all the same.
alter table network_pair add column owners jsonb;
alter table network_member add column acknowledged text[] not null default '{}';
