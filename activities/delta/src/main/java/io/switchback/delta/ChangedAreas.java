package io.switchback.delta;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What may differ between a source and a sink, as far as the source's platform can tell. */
public sealed interface ChangedAreas {

  /**
   * Everything outside both lists is the same on both sides. The ranges may touch, overlap and come
   * in any order; none at all means that nothing changed. A list that names the whole disk is one
   * of a platform that does not know, and is not believed.
   *
   * @param source what the source's platform says was written there since the last common restore
   *     point
   * @param sink what the sink's platform says was written there since that point; empty when the
   *     sink was not written
   */
  record Listed(List<ByteRange> source, Optional<List<ByteRange>> sink) implements ChangedAreas {
    public Listed {
      source = List.copyOf(source);
      sink = sink.map(List::copyOf);
    }

    /** What either list names within the disk, in whole leaves: ascending, apart. */
    List<ByteRange> union(long capacityBytes) {
      return CopyPlan.onLeaves(
          Stream.concat(source.stream(), sink.stream().flatMap(List::stream))
              .filter(range -> range.endBytes() <= capacityBytes)
              .toList(),
          capacityBytes);
    }

    /** Of a sink that was not written since the last common restore point. */
    public Listed(List<ByteRange> source) {
      this(source, Optional.empty());
    }
  }

  /**
   * Nothing is listed, or a list was invalidated, but the sink holds something like the source:
   * both sides are compared, and only what differs is sent.
   *
   * @param reason why there is no list, as a clause that people read
   * @param inFull whether the sink itself is read whatever is stored of it
   */
  record Compared(String reason, boolean inFull) implements ChangedAreas {
    public Compared {
      requireReason(reason);
    }

    /** Compared in the cheapest way that is valid. */
    public Compared(String reason) {
      this(reason, false);
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
