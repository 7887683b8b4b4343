package io.switchback.lifecycle;

/**
 * What a replica is. The state alone decides what is allowed; operation, step and clean-up are
 * facts for people.
 */
public enum ReplicaState {
  /** Protected, its first copy not yet complete. */
  SEEDING,
  /** Follows production and can fail over. */
  READY,
  /** Runs in production's place. */
  FAILOVER,
  /** Runs for good; there is no way back but reprotection. */
  PERMANENT,
  /** First synchronisation of a failback is done; the replica still serves. */
  READY_TO_SWITCH,
  /** Production is synchronised and serves; the replica is off until commit or undo. */
  FAILBACK
}
