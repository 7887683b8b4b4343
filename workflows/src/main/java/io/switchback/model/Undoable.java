package io.switchback.model;

/** What can be committed or undone as long as it is open. */
public enum Undoable {
  /** The replica runs in production's place; committed, it is production. */
  FAILOVER,
  /** Production runs again, with what the replica held; committed, it is replicated again. */
  FAILBACK
}
