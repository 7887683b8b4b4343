package io.switchback.delta;

import static io.switchback.delta.Geometry.DIGEST_BYTES;
import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a source and a sink, each beside its disk, and tells where they differ. */
public final class Comparison {
  private Comparison() {}

  /**
   * Compares every leaf of two disks of one capacity.
   *
   * @param reason why they are compared, as a clause that people read
   * @param alive told after each super
   */
  public static ChangedAreas.Compared of(
      DiskSource source, DiskSink sink, String reason, Runnable alive) throws IOException {
    List<ByteRange> differing = new ArrayList<>();
    long capacity = source.capacityBytes();
    for (long at = 0; at < capacity; at += SUPER_BYTES) {
      ByteRange part = ByteRange.between(at, Math.min(at + SUPER_BYTES, capacity));
      byte[] there = sink.leafDigests(List.of(part));
      byte[] here = LeafDigests.of(source, List.of(part));
      for (int leaf = 0; leaf < Geometry.leaves(part); leaf++) {
        int from = leaf * DIGEST_BYTES;
        if (!Arrays.equals(here, from, from + DIGEST_BYTES, there, from, from + DIGEST_BYTES)) {
          long start = at + (long) leaf * LEAF_BYTES;
          differing.add(ByteRange.between(start, Math.min(start + LEAF_BYTES, capacity)));
        }
      }
      alive.run();
    }
    return new ChangedAreas.Compared(differing, reason);
  }
}
