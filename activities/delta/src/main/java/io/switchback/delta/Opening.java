package io.switchback.delta;

import static io.switchback.delta.Geometry.SUPER_BYTES;

import io.switchback.delta.tag.TagLevel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the source is asked for first of the next supers, by what the last questions have found:
 * each step that is left out is a way to the source and back. May be used by several threads at
 * once.
 */
final class Opening {
  /** After so many questions with one answer, the next ones will have it, too. */
  private static final int SURELY = 2;

  /** Of so much, all tags of the leaves are a hundredth of the data at most. */
  private static final long DENSE_BYTES = SUPER_BYTES / 32;

  private final AtomicInteger differingInARow = new AtomicInteger();
  private final AtomicInteger denseInARow = new AtomicInteger();

  TagLevel level() {
    if (differingInARow.get() < SURELY) {
      return TagLevel.SUPER;
    }
    return denseInARow.get() < SURELY ? TagLevel.SEGMENT : TagLevel.LEAF;
  }

  /**
   * A question was about so many supers.
   *
   * @param differing what was found in those that differ
   */
  void found(int supers, List<DifferingSuper> differing) {
    count(differingInARow, differing.size() == supers);
    long differingBytes = differing.stream().mapToLong(one -> one.differing().lengthBytes()).sum();
    count(denseInARow, differingBytes >= supers * DENSE_BYTES);
  }

  private static void count(AtomicInteger inARow, boolean isSo) {
    if (isSo) {
      inARow.incrementAndGet();
    } else {
      inARow.set(0);
    }
  }
}
