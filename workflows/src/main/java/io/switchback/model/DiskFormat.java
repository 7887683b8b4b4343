package io.switchback.model;

/** How a new disk takes room of its datastore. */
public enum DiskFormat {
  /** As it is written. */
  THIN,
  /** All of its capacity at once. */
  THICK
}
