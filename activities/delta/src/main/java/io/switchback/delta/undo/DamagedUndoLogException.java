package io.switchback.delta.undo;

import java.io.IOException;

/**
 * What keeps the restore points of a disk is not as it was written. Older points cannot be had, and
 * neither can what the disk held before a copy that was interrupted.
 */
public final class DamagedUndoLogException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param file which one
   * @param damage what is wrong with it, as a clause
   */
  public DamagedUndoLogException(String file, String damage) {
    super(
        "Could not use '"
            + file
            + "': "
            + damage
            + ". Keep the disk as it is, check its storage, and replicate it anew to another place before you give up these restore points.");
  }
}
