package io.switchback.model;

/** When a failback goes on from its first synchronisation to the switch. */
public enum Switchover {
  /** At once. */
  AUTO,
  /** When somebody starts the switch, however late. */
  MANUAL,
  /** At a time, which can be moved. */
  SCHEDULED
}
