package io.switchback.delta.tag;

/**
 * The three levels of tags. A tag of a level is taken over the tags of the level below it, so that
 * equal disks cost one tag per super, and a difference is walked down to its leaf.
 */
public enum TagLevel {
  LEAF(0, 64 * 1024),
  SEGMENT(1, 1024 * 1024),
  SUPER(2, 16 * 1024 * 1024);

  private final int number;
  private final int unitBytes;

  TagLevel(int number, int unitBytes) {
    this.number = number;
    this.unitBytes = unitBytes;
  }

  /** Stands for the level in nonces and on the wire. */
  public int number() {
    return number;
  }

  /**
   * The level of {@code number}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TagLevel numbered(int number) {
    for (TagLevel level : values()) {
      if (level.number == number) {
        return level;
      }
    }
    throw new IllegalArgumentException("There is no level " + number + " of tags.");
  }

  /** Bytes of a disk that one tag stands for; the last unit of a disk may be short. */
  public int unitBytes() {
    return unitBytes;
  }

  /** Number of tags for {@code lengthBytes} that start on a unit. */
  public int tags(long lengthBytes) {
    return Math.toIntExact((lengthBytes + unitBytes - 1) / unitBytes);
  }
}
