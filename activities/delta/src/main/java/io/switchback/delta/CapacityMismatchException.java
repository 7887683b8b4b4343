package io.switchback.delta;

import java.io.IOException;

/**
 * Source and sink differ in size: copying would leave a part of one of them out. Nothing was
 * written.
 */
public final class CapacityMismatchException extends IOException {
  private static final long serialVersionUID = 1;

  public CapacityMismatchException(long sourceBytes, long sinkBytes) {
    super(
        "Could not copy a disk of "
            + sourceBytes
            + " bytes onto one of "
            + sinkBytes
            + " bytes: the sizes differ. Give the replica's disk the size of the production disk, then retry.");
  }
}
