package io.switchback.lab;

/** Whether a VM runs. */
public enum PowerState {
  ON,
  OFF
}
