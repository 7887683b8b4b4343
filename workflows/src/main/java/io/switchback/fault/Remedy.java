package io.switchback.fault;

/** Who can mend a fault. */
public enum Remedy {
  /** It may pass: the step is tried again by itself. */
  RETRY,
  /** A person must act: the member parks at once. */
  OPERATOR,
  /** Data may be wrong: the member parks with abort or reconcile only. */
  STOP
}
