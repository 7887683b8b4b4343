package io.switchback.delta;

import java.io.IOException;

/** The place that holds the disk has no space left. Passes when somebody makes room. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1;

  public DiskFullException(String message) {
    super(message);
  }

  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
