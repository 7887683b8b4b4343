package io.switchback.delta;

import java.util.List;

/** What may differ between a source and a sink, as far as the source's platform can tell. */
public sealed interface ChangedAreas {

  /**
   * Everything outside {@code ranges} is the same on both sides. The ranges may touch, overlap and
   * come in any order; none at all means that nothing changed.
   */
  record Listed(List<ByteRange> ranges) implements ChangedAreas {
    public Listed {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * Both sides were read, and outside {@code ranges} they are the same.
   *
   * @param reason why they were compared, as a clause that people read
   */
  record Compared(List<ByteRange> ranges, String reason) implements ChangedAreas {
    public Compared {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * Nothing is known, so every byte may differ.
   *
   * @param reason why there is no list, as a clause that people read ("first replication of this
   *     disk")
   */
  record Unknown(String reason) implements ChangedAreas {
    public Unknown {
      if (reason.isBlank()) {
        throw new IllegalArgumentException("Unknown changed areas need a reason.");
      }
    }
  }
}
