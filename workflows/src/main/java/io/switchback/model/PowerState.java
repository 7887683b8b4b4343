package io.switchback.model;

/** Whether a VM runs. */
public enum PowerState {
  ON,
  OFF,
  SUSPENDED
}
