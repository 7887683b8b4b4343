-- Whether production ran when a planned failover shut it down, so that an undo powers it on again; null when no planned
-- failover did, and again as soon as the replica is READY.
alter table replica add column production_ran boolean;
