package io.switchback.model;

/** In which way the estate is not as Switchback left it. */
public enum DriftKind {
  /** The replica runs, and nothing of Switchback powered it on. */
  REPLICA_RUNS,
  /** The replica is off although it is to serve. */
  REPLICA_STOPPED,
  /** The replica has written since its newest restore point, and no cycle did that. */
  REPLICA_WRITTEN,
  /** The replica stands on another snapshot than its newest restore point. */
  REPLICA_MOVED,
  /** The replica's disks are not those that follow production's. */
  REPLICA_DISKS,
  /** The replica's VM is gone from its site. */
  REPLICA_GONE,
  /** The snapshot of a restore point was deleted outside. */
  RESTORE_POINT_GONE,
  /** Production runs again at the address of the replica that serves in its place. */
  PRODUCTION_RUNS;

  /**
   * Whether the replica's disks are no longer what replication wrote: a cycle would overwrite what
   * somebody has done.
   */
  public boolean forbidsReplication() {
    return this == REPLICA_RUNS
        || this == REPLICA_MOVED
        || this == REPLICA_WRITTEN
        || this == REPLICA_DISKS
        || this == REPLICA_GONE;
  }
}
