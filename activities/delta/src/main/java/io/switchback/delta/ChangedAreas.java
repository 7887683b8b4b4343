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
   * Nothing is listed, but the sink holds something like the source: both sides are read, and only
   * what differs is sent.
   *
   * @param reason why there is no list, as a clause that people read
   */
  record Compared(String reason) implements ChangedAreas {
    public Compared {
      requireReason(reason);
    }
  }

  /**
   * Nothing is known, and the sink holds nothing that could be the same: everything is sent.
   *
   * @param reason why there is no list, as a clause that people read ("first replication of this
   *     disk")
   */
  record Unknown(String reason) implements ChangedAreas {
    public Unknown {
      requireReason(reason);
    }
  }

  private static void requireReason(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("Where nothing is listed, a reason must say why.");
    }
  }
}
