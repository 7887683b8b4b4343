package io.switchback.delta.undo;

import io.switchback.delta.Geometry;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where in a log each leaf is. Four bytes per leaf, and only for supers of which there is one: the
 * map of a large disk must stay small. One thread adds while others look.
 */
final class LeafMap {
  private static final int PAGE = Geometry.SUPER_BYTES / Geometry.LEAF_BYTES;
  private static final int ZEROS = 1 << 31;

  private final AtomicReferenceArray<@Nullable AtomicIntegerArray> pages;

  LeafMap(long capacityBytes) {
    this.pages =
        new AtomicReferenceArray<>(
            Math.toIntExact(Math.ceilDiv(capacityBytes, Geometry.SUPER_BYTES)));
  }

  /** Remembers the frame that begins at {@code sector}, unless the leaf has one. */
  void add(long leaf, int sector, boolean isZeros) {
    int page = (int) (leaf / PAGE);
    AtomicIntegerArray entries = pages.get(page);
    if (entries == null) {
      entries = new AtomicIntegerArray(PAGE);
      pages.set(page, entries);
    }
    entries.compareAndSet((int) (leaf % PAGE), 0, isZeros ? sector | ZEROS : sector);
  }

  boolean has(long leaf) {
    return entry(leaf) != 0;
  }

  boolean isZeros(long leaf) {
    return (entry(leaf) & ZEROS) != 0;
  }

  /** The first sector of the leaf's frame; 0 when it has none, for a header lies there. */
  int sector(long leaf) {
    return entry(leaf) & ~ZEROS;
  }

  private int entry(long leaf) {
    AtomicIntegerArray entries = pages.get((int) (leaf / PAGE));
    return entries == null ? 0 : entries.get((int) (leaf % PAGE));
  }

  /** Every leaf that has a frame, ascending. */
  void forEach(LongConsumer leaf) {
    for (int page = 0; page < pages.length(); page++) {
      AtomicIntegerArray entries = pages.get(page);
      for (int at = 0; entries != null && at < PAGE; at++) {
        if (entries.get(at) != 0) {
          leaf.accept((long) page * PAGE + at);
        }
      }
    }
  }

  long count() {
    long[] count = {0};
    forEach(_ -> count[0]++);
    return count[0];
  }
}
