package io.switchback.model;

/** What a replica's data go back to. */
public enum FailbackTo {
  /** The VM that the replica followed. */
  PRODUCTION,
  /** A VM at the production site that was restored from elsewhere, in production's place. */
  RESTORED,
  /** A VM that the failback makes. */
  NEW_LOCATION
}
