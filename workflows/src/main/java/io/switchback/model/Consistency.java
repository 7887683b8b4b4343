package io.switchback.model;

/** How a restore point was taken: with the guest's help, or as if the plug had been pulled. */
public enum Consistency {
  APPLICATION,
  CRASH
}
