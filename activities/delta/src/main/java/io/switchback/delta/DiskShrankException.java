package io.switchback.delta;

import java.io.IOException;

/**
 * A disk became smaller while it was open. What lies beyond its new end is gone, so the copy must
 * not become a restore point.
 */
public final class DiskShrankException extends IOException {
  private static final long serialVersionUID = 1;

  public DiskShrankException(String disk, long openedBytes, long nowBytes) {
    super(
        "Could not go on with '"
            + disk
            + "': it had "
            + openedBytes
            + " bytes when it was opened and has "
            + nowBytes
            + " now. Discard what this copy wrote, give both disks the same size, then copy again.");
  }
}
