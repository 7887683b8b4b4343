package io.switchback.delta;

import java.io.IOException;

/** Somebody else has the disk. Passes when they give it back; nothing was written. */
public final class DiskInUseException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param message which disk, who may have it, and what to do, as sentences
   */
  public DiskInUseException(String message) {
    super(message);
  }
}
