package io.switchback.delta;

import java.io.IOException;

/** Nobody can tell what changed on a disk since the moment that was asked about. */
public final class ChangesUnknownException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param why as a clause that people read ("change tracking was reset")
   */
  public ChangesUnknownException(String why) {
    super(why);
  }
}
