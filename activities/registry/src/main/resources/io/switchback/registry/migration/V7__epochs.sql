-- One counter for the epochs of all replicas. A site reports the highest fence that it has seen; only when epochs of
-- different replicas compare can one number tell that the registry was put back to an earlier day.
create sequence epoch;
select setval('epoch', greatest((select max(epoch) from replica), 1));

create or replace function keep_growing() returns trigger language plpgsql as $$
begin
  if new.epoch < old.epoch or new.cycle < old.cycle then
    raise exception 'epoch and cycle of replica % only grow', old.id using errcode = 'check_violation';
  end if;
  -- Whoever raises an epoch gets the next one of all.
  if new.epoch > old.epoch then
    new.epoch := nextval('epoch');
  end if;
  return new;
end $$;

-- The highest epoch in the fences of highest_generation; 0 from a site that has seen none.
alter table greeting add column highest_epoch bigint not null default 0;
