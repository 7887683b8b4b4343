package io.switchback.delta;

import static io.switchback.delta.tag.Tagger.TAG_BYTES;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Lets a source and a sink tag their disks, each where it is, and tells by the tags where they
 * differ.
 *
 * <p>The source, which may be far away, is asked for supers first, and only where they differ for
 * segments, and then for leaves. The sink is near: it is asked for leaves at once. Where the source
 * is near as well, the bytes themselves are compared.
 */
final class Comparison {
  /** So many leaves of a sample are asked for at once. */
  private static final int CHUNK = 64;

  /** So many supers are asked for at once: a request costs more than the tags of one super. */
  private static final int MAX_GROUP = 128;

  /** In so many groups at least: in the end no thread shall wait long for the last one. */
  private static final int MIN_GROUPS = 32;

  private final DiskSource source;
  private final DiskSink sink;
  private final TagKey key;
  private final Resume resume;
  private final Tally tally;
  private final Throttle throttle;

  Comparison(DiskSource source, DiskSink sink, Resume resume, Tally tally, Throttle throttle) {
    this.source = source;
    this.sink = sink;
    this.resume = resume;
    this.key = resume.key();
    this.tally = tally;
    this.throttle = throttle;
  }

  /**
   * Where two disks of one capacity differ.
   *
   * @param differing leaves, ascending, by super
   * @param superTags of the source, one per super of the disk
   */
  record Found(List<SuperRanges> differing, List<byte[]> superTags) {}

  /** Compares the whole disks. */
  Found ofAll(Crew crew) throws IOException, InterruptedException {
    byte[][] superTags = new byte[Geometry.supers(source.capacityBytes())][];
    // Where a journal tells what was read, each super is told by itself.
    int group = resume.isTold() ? 1 : Math.clamp(superTags.length / MIN_GROUPS, 1, MAX_GROUP);
    boolean isNear = source.near().isPresent() && sink.near().isPresent();
    ConcurrentSkipListMap<Integer, SuperRanges> differing = new ConcurrentSkipListMap<>();
    Crew.Piece piece =
        at -> {
          int first = at * group;
          int end = Math.min(first + group, superTags.length);
          Optional<TransferJournal.Compared> known = resume.compared(first);
          if (known.isPresent()) {
            superTags[first] = HexFormat.of().parseHex(known.get().tag());
            if (!known.get().differing().isEmpty()) {
              differing.put(first, new SuperRanges(first, known.get().differing()));
            }
            Geometry.wholeSuper(first, source.capacityBytes())
                .ranges()
                .forEach(range -> tally.done(range.lengthBytes()));
            return;
          }
          List<SuperRanges> some =
              isNear ? bytesOf(first, end, superTags) : ofSupers(first, end, superTags);
          for (SuperRanges one : some) {
            differing.put((int) one.superIndex(), one);
          }
          if (resume.isTold()) {
            SuperRanges found = differing.get(first);
            resume.tellCompared(
                first, superTags[first], found == null ? List.of() : found.ranges());
          }
        };
    int groups = (superTags.length + group - 1) / group;
    if (resume.isTold()) {
      // What each thread has under way is read again by whoever goes on: no more than in a copy.
      crew.copy(() -> piece, groups);
    } else {
      crew.tag(groups, piece);
    }
    return new Found(List.copyOf(differing.values()), List.of(superTags));
  }

  private List<SuperRanges> bytesOf(int first, int end, byte[][] superTags) throws IOException {
    List<SuperRanges> differing = new ArrayList<>();
    try (NearComparison bytes =
        new NearComparison(source.near().orElseThrow(), sink.near().orElseThrow(), key, tally)) {
      for (int at = first; at < end; at++) {
        tally.beforeBatch();
        ByteRange whole = Geometry.wholeSuper(at, source.capacityBytes()).ranges().getFirst();
        List<ByteRange> leaves = new ArrayList<>();
        superTags[at] = bytes.of(whole, leaves);
        if (!leaves.isEmpty()) {
          differing.add(new SuperRanges(at, leaves));
        }
        tally.done(whole.lengthBytes());
      }
    }
    return differing;
  }

  private List<SuperRanges> ofSupers(int first, int end, byte[][] superTags) throws IOException {
    long capacityBytes = source.capacityBytes();
    ByteRange range =
        ByteRange.between(
            Geometry.wholeSuper(first, capacityBytes).ranges().getFirst().offsetBytes(),
            Geometry.wholeSuper(end - 1, capacityBytes).ranges().getFirst().endBytes());
    byte[] here = tagsHere(TagLevel.SUPER, List.of(range));
    Tagger tagger = new Tagger(key);
    List<Suspect> suspects = new ArrayList<>();
    for (int at = first; at < end; at++) {
      int from = (at - first) * TAG_BYTES;
      superTags[at] = Arrays.copyOfRange(here, from, from + TAG_BYTES);
      ByteRange whole = Geometry.wholeSuper(at, capacityBytes).ranges().getFirst();
      byte[] leavesThere = sink.tags(key, TagLevel.LEAF, List.of(whole));
      byte[] there = tagger.up(TagLevel.SUPER, whole.offsetBytes(), leavesThere);
      if (!Arrays.equals(superTags[at], there)) {
        suspects.add(new Suspect(at, whole, leavesThere));
      }
      tally.compared(whole.lengthBytes());
    }
    return suspects.isEmpty() ? List.of() : walkDown(suspects, tagger);
  }

  /** A super that differs somewhere, and the sink's tags of its leaves. */
  private static final class Suspect {
    private final int index;
    private final ByteRange whole;
    private final byte[] leavesThere;

    Suspect(int index, ByteRange whole, byte[] leavesThere) {
      this.index = index;
      this.whole = whole;
      this.leavesThere = leavesThere;
    }

    byte[] leavesThere(ByteRange part) {
      int from = (int) (part.offsetBytes() - whole.offsetBytes()) / Geometry.LEAF_BYTES * TAG_BYTES;
      return Arrays.copyOfRange(leavesThere, from, from + Geometry.leaves(part) * TAG_BYTES);
    }
  }

  /**
   * The leaves in which supers differ. All are asked for together: what one super asks for is so
   * little that the way to the source and back would be most of it.
   */
  private List<SuperRanges> walkDown(List<Suspect> suspects, Tagger tagger) throws IOException {
    ByteBuffer segmentsHere =
        ByteBuffer.wrap(
            tagsHere(TagLevel.SEGMENT, suspects.stream().map(one -> one.whole).toList()));
    List<List<ByteRange>> segments = new ArrayList<>();
    for (Suspect one : suspects) {
      byte[] there = tagger.up(TagLevel.SEGMENT, one.whole.offsetBytes(), one.leavesThere);
      byte[] here = new byte[there.length];
      segmentsHere.get(here);
      segments.add(differing(List.of(one.whole), TagLevel.SEGMENT, here, there));
    }
    ByteBuffer leavesHere =
        ByteBuffer.wrap(tagsHere(TagLevel.LEAF, segments.stream().flatMap(List::stream).toList()));
    List<SuperRanges> found = new ArrayList<>();
    for (int at = 0; at < suspects.size(); at++) {
      Suspect one = suspects.get(at);
      List<ByteRange> leaves = new ArrayList<>();
      for (ByteRange segment : segments.get(at)) {
        byte[] there = one.leavesThere(segment);
        byte[] here = new byte[there.length];
        leavesHere.get(here);
        leaves.addAll(differing(List.of(segment), TagLevel.LEAF, here, there));
      }
      if (leaves.isEmpty()) {
        throw new IOException(
            "The source's tags of %s contradict each other. Retry; if it happens again, check that the source's disk is not written."
                .formatted(one.whole));
      }
      found.add(new SuperRanges(one.index, leaves));
    }
    return found;
  }

  /** The first of {@code leaves} in which the disks differ, if there is any. */
  Optional<ByteRange> firstDifference(List<ByteRange> leaves, Crew crew)
      throws IOException, InterruptedException {
    ConcurrentSkipListMap<Long, ByteRange> differing = new ConcurrentSkipListMap<>();
    crew.tag(
        (leaves.size() + CHUNK - 1) / CHUNK,
        at -> {
          List<ByteRange> chunk =
              leaves.subList(at * CHUNK, Math.min((at + 1) * CHUNK, leaves.size()));
          byte[] here = tagsHere(TagLevel.LEAF, chunk);
          chunk.forEach(leaf -> tally.compared(leaf.lengthBytes()));
          differing(chunk, TagLevel.LEAF, here, sink.tags(key, TagLevel.LEAF, chunk))
              .forEach(leaf -> differing.put(leaf.offsetBytes(), leaf));
        });
    return Optional.ofNullable(differing.firstEntry()).map(first -> first.getValue());
  }

  private byte[] tagsHere(TagLevel level, List<ByteRange> ranges) throws IOException {
    byte[] tags = source.tags(key, level, ranges);
    tally.tagged(source.taggedBytes());
    tally.digested(tags.length);
    throttle.passed(0);
    return tags;
  }

  /** The units of {@code ranges} whose tags differ; those that touch are one range. */
  private static List<ByteRange> differing(
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
