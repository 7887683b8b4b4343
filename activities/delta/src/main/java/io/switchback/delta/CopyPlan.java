package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/**
 * Which parts of a disk a transfer deals with, and why those.
 *
 * @param listed the ranges per super, empty for a full copy: a plan for a large disk must stay
 *     small
 * @param found digests of the source's tags of what is listed, as {@link SuperDigest#text} writes
 *     them, by position; empty when nothing was compared
 * @param scanned tags of all of the source's supers when they are known already; else empty
 * @param auditedLeaves random leaves outside the list, or of the sink's disk, that were found as
 *     they should be
 */
record CopyPlan(
    Rung rung,
    String reason,
    long capacityBytes,
    List<SuperRanges> listed,
    long coveredBytes,
    List<String> found,
    List<byte[]> scanned,
    int auditedLeaves) {
  /** Every allocated byte: for a sink that holds nothing. */
  static CopyPlan fullCopy(String reason, long capacityBytes) {
    return new CopyPlan(
        Rung.FULL_COPY, reason, capacityBytes, List.of(), capacityBytes, List.of(), List.of(), 0);
  }

  /**
   * What was listed, which lies within the disk.
   *
   * @param whose lists they are, as a noun
   */
  static CopyPlan ofList(String whose, List<ByteRange> ranges, long capacityBytes) {
    List<SuperRanges> listed = bySuper(onLeaves(ranges, capacityBytes));
    return new CopyPlan(
        Rung.CHANGE_LIST,
        "what changed is known from " + whose,
        capacityBytes,
        listed,
        covered(listed),
        List.of(),
        List.of(),
        0);
  }

  /** Where the source is not as what is stored of the sink. */
  static CopyPlan ofStored(Comparison.Found found, String reason, long capacityBytes) {
    return ofFound(Rung.STORED_DIGESTS, found, List.of(), reason, capacityBytes);
  }

  /** What a comparison of both sides has found. */
  static CopyPlan ofComparison(Comparison.Found found, String reason, long capacityBytes) {
    return ofFound(Rung.FULL_COMPARISON, found, found.superTags(), reason, capacityBytes);
  }

  private static CopyPlan ofFound(
      Rung rung, Comparison.Found found, List<byte[]> scanned, String reason, long capacityBytes) {
    List<SuperRanges> listed = found.differing().stream().map(DifferingSuper::differing).toList();
    List<String> digests = found.differing().stream().map(DifferingSuper::digest).toList();
    return new CopyPlan(rung, reason, capacityBytes, listed, covered(listed), digests, scanned, 0);
  }

  /** The list, or what is stored, was audited, and nothing was found. */
  CopyPlan audited(int leaves) {
    return new CopyPlan(rung, reason, capacityBytes, listed, coveredBytes, found, scanned, leaves);
  }

  private static long covered(List<SuperRanges> listed) {
    return listed.stream()
        .flatMap(one -> one.ranges().stream())
        .mapToLong(ByteRange::lengthBytes)
        .sum();
  }

  /** Widens the ranges to whole leaves and joins those that touch. */
  static List<ByteRange> onLeaves(List<ByteRange> ranges, long capacityBytes) {
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
    return rung != Rung.FULL_COPY ? listed.size() : Geometry.supers(capacityBytes);
  }

  /** The {@code position}-th super to deal with, in ascending order. */
  SuperRanges get(int position) {
    return rung != Rung.FULL_COPY
        ? listed.get(position)
        : Geometry.wholeSuper(position, capacityBytes);
  }

  /** What is compared of a super that was sent, from the tags of its leaves that were. */
  byte[] digest(SuperRanges sent, byte[] leafTags, TagKey key) {
    return rung == Rung.FULL_COPY
        ? new Tagger(key).up(TagLevel.SUPER, sent.ranges().getFirst().offsetBytes(), leafTags)
        : SuperDigest.of(sent, leafTags);
  }

  /**
   * Whether the source gave for the copy what it gave for the comparison, as far as this tells:
   * with the key of the pass the disks were compared only where the sink has nothing stored.
   *
   * @param sent digest of what was sent
   */
  boolean isAsCompared(int position, byte[] sent) {
    return rung != Rung.FULL_COMPARISON || SuperDigest.text(sent).equals(found.get(position));
  }

  /**
   * The same by what the sink holds afterwards.
   *
   * @param held digest with the key of the sink's stored tags
   */
  boolean isAsStored(int position, byte[] held) {
    return rung != Rung.STORED_DIGESTS || SuperDigest.text(held).equals(found.get(position));
  }

  /**
   * What both ends agree on.
   *
   * @param sent digests of what was sent, by position
   */
  Proof proof(List<byte[]> sent, TagKey key) {
    return switch (rung) {
      case CHANGE_LIST ->
          new Proof(
              Proof.Kind.LIST_ROOT, key, root(sent, at -> get(at).superIndex()), coveredBytes);
      case STORED_DIGESTS ->
          new Proof(
              Proof.Kind.STORED_ROOT, key, root(sent, at -> get(at).superIndex()), coveredBytes);
      case FULL_COMPARISON ->
          new Proof(Proof.Kind.FULL_ROOT, key, root(scanned, at -> at), capacityBytes);
      case FULL_COPY -> new Proof(Proof.Kind.FULL_ROOT, key, root(sent, at -> at), capacityBytes);
    };
  }

  private static String root(List<byte[]> digests, IntToLongFunction superIndex) {
    MessageDigest root = SuperDigest.sha256();
    ByteBuffer index = ByteBuffer.allocate(Long.BYTES);
    for (int at = 0; at < digests.size(); at++) {
      root.update(index.putLong(0, superIndex.applyAsLong(at)).array());
      root.update(digests.get(at));
    }
    return HexFormat.of().formatHex(root.digest());
  }
}
