package io.switchback.delta;

import java.io.IOException;

/** The sink holds something other than what was sent. Its bytes must not become a restore point. */
public final class ProofMismatchException extends IOException {
  private static final long serialVersionUID = 1;

  private final ByteRange firstMismatch;

  public ProofMismatchException(ByteRange firstMismatch, int mismatches) {
    super(
        "The disk at the recovery site does not hold what was sent: "
            + mismatches
            + " supers of 16 MiB differ, the first bytes at "
            + firstMismatch
            + ". Discard what this copy wrote and copy again; if it happens again, check that disk's storage.");
    this.firstMismatch = firstMismatch;
  }

  /** The first leaf that differs; a whole super when a second look found none. */
  public ByteRange firstMismatch() {
    return firstMismatch;
  }
}
