package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which parts of a disk a transfer deals with, and why those.
 *
 * @param listed the listed ranges per super, empty for a full copy: a plan for a large disk must
 *     stay small
 */
record CopyPlan(
    Rung rung, String reason, long capacityBytes, List<SuperRanges> listed, long coveredBytes) {

  /**
   * The parts of one super to deal with.
   *
   * @param ranges on leaves, ascending, apart from each other
   */
  record SuperRanges(long superIndex, List<ByteRange> ranges) {
    SuperRanges {
      ranges = List.copyOf(ranges);
    }
  }

  static CopyPlan of(ChangedAreas changes, long capacityBytes) {
    return switch (changes) {
      case ChangedAreas.Unknown unknown -> fullCopy(unknown.reason(), capacityBytes);
      case ChangedAreas.Listed listed ->
          ofList(
              Rung.CHANGE_LIST, "the platform listed what changed", listed.ranges(), capacityBytes);
      case ChangedAreas.Compared compared ->
          ofList(Rung.FULL_COMPARISON, compared.reason(), compared.ranges(), capacityBytes);
    };
  }

  private static CopyPlan fullCopy(String reason, long capacityBytes) {
    return new CopyPlan(Rung.FULL_COPY, reason, capacityBytes, List.of(), capacityBytes);
  }

  private static CopyPlan ofList(
      Rung rung, String reason, List<ByteRange> ranges, long capacityBytes) {
    for (ByteRange range : ranges) {
      // A list that names bytes that do not exist is of another disk, or of this one before it
      // shrank.
      if (range.endBytes() > capacityBytes) {
        return fullCopy(
            "the change list names "
                + range
                + ", beyond the end of a disk of "
                + capacityBytes
                + " bytes",
            capacityBytes);
      }
    }
    List<SuperRanges> listed = bySuper(onLeaves(ranges, capacityBytes));
    long coveredBytes =
        listed.stream()
            .flatMap(one -> one.ranges().stream())
            .mapToLong(ByteRange::lengthBytes)
            .sum();
    return new CopyPlan(rung, reason, capacityBytes, listed, coveredBytes);
  }

  /** Widens the ranges to whole leaves and joins those that touch. */
  private static List<ByteRange> onLeaves(List<ByteRange> ranges, long capacityBytes) {
    List<ByteRange> ascending =
        ranges.stream().sorted(Comparator.comparingLong(ByteRange::offsetBytes)).toList();
    List<ByteRange> joined = new ArrayList<>();
    for (ByteRange range : ascending) {
      long start = range.offsetBytes() / LEAF_BYTES * LEAF_BYTES;
      long end =
          Math.min((range.endBytes() + LEAF_BYTES - 1) / LEAF_BYTES * LEAF_BYTES, capacityBytes);
      if (!joined.isEmpty() && start <= joined.getLast().endBytes()) {
        ByteRange last = joined.removeLast();
        joined.add(ByteRange.between(last.offsetBytes(), Math.max(last.endBytes(), end)));
      } else {
        joined.add(ByteRange.between(start, end));
      }
    }
    return joined;
  }

  private static List<SuperRanges> bySuper(List<ByteRange> ranges) {
    NavigableMap<Long, List<ByteRange>> perSuper = new TreeMap<>();
    for (ByteRange range : ranges) {
      for (long at = range.offsetBytes(); at < range.endBytes(); ) {
        long index = at / SUPER_BYTES;
        long end = Math.min((index + 1) * SUPER_BYTES, range.endBytes());
        perSuper.computeIfAbsent(index, _ -> new ArrayList<>()).add(ByteRange.between(at, end));
        at = end;
      }
    }
    return perSuper.entrySet().stream()
        .map(entry -> new SuperRanges(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Number of supers to deal with. */
  int size() {
    return rung != Rung.FULL_COPY
        ? listed.size()
        : Math.toIntExact((capacityBytes + SUPER_BYTES - 1) / SUPER_BYTES);
  }

  /** The {@code position}-th super to deal with, in ascending order. */
  SuperRanges get(int position) {
    if (rung != Rung.FULL_COPY) {
      return listed.get(position);
    }
    long start = (long) position * SUPER_BYTES;
    return new SuperRanges(
        position, List.of(ByteRange.between(start, Math.min(start + SUPER_BYTES, capacityBytes))));
  }

  Proof.Kind proofKind() {
    return rung != Rung.FULL_COPY ? Proof.Kind.LIST_ROOT : Proof.Kind.FULL_ROOT;
  }
}
