package io.switchback.delta;

import static io.switchback.delta.tag.Tagger.TAG_BYTES;

import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leaves in which supers differ that do. For use by one thread, once.
 *
 * <p>Whatever one step asks of the source is asked for together: what one super asks for is so
 * little that the way to the source and back would be most of it.
 */
final class WalkDown {
  private final Tagger tagger;
  private final Source source;
  private final List<Suspect> suspects = new ArrayList<>();

  /** The source's tags. */
  interface Source {
    byte[] tags(TagLevel level, List<ByteRange> ranges) throws IOException;
  }

  WalkDown(Tagger tagger, Source source) {
    this.tagger = tagger;
    this.source = source;
  }

  /** A super that differs somewhere, its tag at the source, and the sink's tags of its leaves. */
  private static final class Suspect {
    private final int index;
    private final ByteRange whole;
    private final byte[] tag;
    private final byte[] leavesThere;

    /** That differ; none as long as it is not known which. */
    private List<ByteRange> segments = List.of();

    /** The source's; null as long as they are not known. */
    private byte @Nullable [] leavesHere;

    Suspect(int index, ByteRange whole, byte[] tag, byte[] leavesThere) {
      this.index = index;
      this.whole = whole;
      this.tag = tag;
      this.leavesThere = leavesThere;
    }

    /** The source's leaves: what is equal has the same tags at both ends. */
    byte[] withSegments(ByteBuffer leavesOfSegments) {
      byte[] all = leavesThere.clone();
      for (ByteRange segment : segments) {
        int from = (int) (segment.offsetBytes() - whole.offsetBytes()) / Geometry.LEAF_BYTES;
        leavesOfSegments.get(all, from * TAG_BYTES, Geometry.leaves(segment) * TAG_BYTES);
      }
      return all;
    }
  }

  /**
   * Adds a super that differs.
   *
   * @param tag the source's
   * @param here the source's tags of {@code top}
   * @param leavesThere the sink's
   */
  void from(int index, ByteRange whole, byte[] tag, TagLevel top, byte[] here, byte[] leavesThere) {
    Suspect suspect = new Suspect(index, whole, tag, leavesThere);
    switch (top) {
      case SUPER -> {}
      case SEGMENT -> suspect.segments = segments(suspect, here);
      case LEAF -> suspect.leavesHere = here;
    }
    suspects.add(suspect);
  }

  private List<ByteRange> segments(Suspect suspect, byte[] here) {
    byte[] there =
        tagger.up(
            TagLevel.LEAF, TagLevel.SEGMENT, suspect.whole.offsetBytes(), suspect.leavesThere);
    return differing(List.of(suspect.whole), TagLevel.SEGMENT, here, there);
  }

  /**
   * The leaves in which the supers differ, by super, in the order in which they were added.
   *
   * @throws IOException if the tags of a super's leaves are not those that its own was made of: the
   *     source was read twice, and gave other bytes
   */
  List<DifferingSuper> down() throws IOException {
    List<Suspect> unknown = suspects.stream().filter(one -> one.leavesHere == null).toList();
    List<Suspect> whole = unknown.stream().filter(one -> one.segments.isEmpty()).toList();
    ByteBuffer segmentsHere = tags(TagLevel.SEGMENT, whole.stream().map(one -> one.whole).toList());
    for (Suspect one : whole) {
      byte[] here = new byte[TagLevel.SEGMENT.tags(one.whole.lengthBytes()) * TAG_BYTES];
      segmentsHere.get(here);
      one.segments = segments(one, here);
    }
    ByteBuffer leavesHere =
        tags(TagLevel.LEAF, unknown.stream().flatMap(one -> one.segments.stream()).toList());
    List<DifferingSuper> found = new ArrayList<>();
    for (Suspect one : suspects) {
      byte[] here = one.leavesHere == null ? one.withSegments(leavesHere) : one.leavesHere;
      if (!Arrays.equals(one.tag, tagger.up(TagLevel.SUPER, one.whole.offsetBytes(), here))) {
        throw new IOException(
            "The source's tags of %s contradict each other. Retry; if it happens again, check that the source's disk is not written."
                .formatted(one.whole));
      }
      List<ByteRange> leaves = differing(List.of(one.whole), TagLevel.LEAF, here, one.leavesThere);
      found.add(DifferingSuper.of(one.whole, new SuperRanges(one.index, leaves), here));
    }
    return found;
  }

  private ByteBuffer tags(TagLevel level, List<ByteRange> ranges) throws IOException {
    return ByteBuffer.wrap(ranges.isEmpty() ? new byte[0] : source.tags(level, ranges));
  }

  /** The leaves of {@code whole} that hold nothing but zeros; those that touch are one range. */
  static List<ByteRange> zeros(ByteRange whole, byte[] leafTags) {
    List<ByteRange> zeros = new ArrayList<>();
    long start = whole.offsetBytes();
    for (ByteRange data :
        differing(List.of(whole), TagLevel.LEAF, leafTags, new byte[leafTags.length])) {
      if (data.offsetBytes() > start) {
        zeros.add(ByteRange.between(start, data.offsetBytes()));
      }
      start = data.endBytes();
    }
    if (start < whole.endBytes()) {
      zeros.add(ByteRange.between(start, whole.endBytes()));
    }
    return zeros;
  }

  /** The units of {@code ranges} whose tags differ; those that touch are one range. */
  static List<ByteRange> differing(
      List<ByteRange> ranges, TagLevel level, byte[] here, byte[] there) {
    List<ByteRange> differing = new ArrayList<>();
    int from = 0;
    for (ByteRange range : ranges) {
      for (long at = range.offsetBytes(); at < range.endBytes(); at += level.unitBytes()) {
        int to = from + TAG_BYTES;
        if (!Arrays.equals(here, from, to, there, from, to)) {
          long end = Math.min(at + level.unitBytes(), range.endBytes());
          boolean touches = !differing.isEmpty() && differing.getLast().endBytes() == at;
          long start = touches ? differing.removeLast().offsetBytes() : at;
          differing.add(ByteRange.between(start, end));
        }
        from = to;
      }
    }
    return differing;
  }
}
