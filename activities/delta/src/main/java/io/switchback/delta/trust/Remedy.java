package io.switchback.delta.trust;

/** Who can put a refusal right; the same words as everywhere in the house. */
public enum Remedy {
  /** It may pass when it is asked again with something newer. */
  RETRY,
  /** A person must act. */
  OPERATOR,
  /** Data may be wrong if somebody goes on. */
  STOP
}
