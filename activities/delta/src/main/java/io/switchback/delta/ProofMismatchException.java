package io.switchback.delta;

import java.io.IOException;

/**
 * The sink holds something other than what was sent, or the source gave other bytes to be sent than
 * to be compared. The sink's bytes must not become a restore point.
 */
public final class ProofMismatchException extends IOException {
  private static final long serialVersionUID = 1;

  private final ByteRange firstMismatch;

  public ProofMismatchException(ByteRange firstMismatch, int mismatches) {
    this(
        firstMismatch,
        "The disk at the recovery site does not hold what was sent: "
            + mismatches
            + " supers of 16 MiB differ, the first bytes at "
            + firstMismatch
            + ". Discard what this copy wrote and copy again; if it happens again, check that disk's storage.");
  }

  private ProofMismatchException(ByteRange firstMismatch, String message) {
    super(message);
    this.firstMismatch = firstMismatch;
  }

  /**
   * The source's disk was read twice, and gave other bytes.
   *
   * @param somewhere in that range
   */
  static ProofMismatchException ofSource(ByteRange somewhere) {
    return new ProofMismatchException(
        somewhere,
        "The source's disk gave other bytes to be copied than to be compared, somewhere in "
            + somewhere
            + ". Discard what this copy wrote and copy again; if it happens again, check that nobody writes that snapshot, and its storage.");
  }

  /** The first leaf that differs; more when it is not known which. */
  public ByteRange firstMismatch() {
    return firstMismatch;
  }
}
