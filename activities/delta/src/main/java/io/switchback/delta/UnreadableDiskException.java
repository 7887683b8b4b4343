package io.switchback.delta;

import java.io.IOException;

/** A stretch of a disk cannot be read. Does not pass by itself: its storage has to be mended. */
public final class UnreadableDiskException extends IOException {
  private static final long serialVersionUID = 1;

  private final ByteRange unreadable;

  public UnreadableDiskException(String disk, ByteRange unreadable, IOException cause) {
    super(
        "Could not read bytes "
            + unreadable
            + " of '"
            + disk
            + "': "
            + cause.getMessage()
            + ". Check its storage; what cannot be read has to be restored from elsewhere before this disk is copied again.",
        cause);
    this.unreadable = unreadable;
  }

  /** The first stretch that cannot be read; what follows may be unreadable too. */
  public ByteRange unreadable() {
    return unreadable;
  }
}
