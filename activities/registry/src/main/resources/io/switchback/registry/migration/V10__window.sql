-- At whose end a failover or a failback is committed or undone by itself, unless a person is faster.
create table commit_window (
  replica_id    text        not null references replica (id) on delete cascade,
  -- The state in which it counts.
  state         text        not null check (state in ('FAILOVER', 'FAILBACK')),
  -- Of the operation that was asked for it.
  id            text        not null check (id <> ''),
  length_millis bigint      not null check (length_millis >= 60000),
  at_end        text        not null check (at_end in ('COMMIT', 'UNDO')),
  probes        jsonb       not null check (jsonb_typeof(probes) = 'array'),
  asked_by      text        not null check (asked_by <> ''),
  -- Null until there is something to commit or undo.
  ends_at       timestamptz,
  -- By the probes, since a person moved it last.
  extensions    integer     not null default 0 check (extensions >= 0),
  primary key (replica_id, state)
);
