package io.switchback.operation;

/**
 * How an operation ended for a member. There is no third way between done and undone; refused is
 * undone with nothing to undo.
 */
public enum Outcome {
  DONE,
  ABORTED,
  REFUSED,
  /** A person has left it as it is, with its claim, for reconcile to settle. */
  LEFT_FOR_RECONCILE,
  /** The run was ended by hand in Temporal; what it left behind must be looked at. */
  UNKNOWN
}
