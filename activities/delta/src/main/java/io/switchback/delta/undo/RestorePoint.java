package io.switchback.delta.undo;

import io.switchback.delta.Proof;

/**
 * A state of a disk that can be read, and that the disk can be put back to.
 *
 * @param id names it among those of the disk: letters, digits, {@code . _ -}, at most 100
 * @param proof what was proven of the disk when the point was made
 */
public record RestorePoint(String id, Proof proof) {
  public RestorePoint {
    if (!id.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")) {
      throw new IllegalArgumentException(
          "A restore point is named by letters, digits, '.', '_' and '-', not '" + id + "'.");
    }
  }
}
