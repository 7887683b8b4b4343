package io.switchback.delta;

import static io.switchback.delta.tag.Tagger.TAG_BYTES;

import io.switchback.delta.TransferJournal.With;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Lets a source and a sink tag their disks, each where it is, and tells by the tags where they
 * differ. Instead of its disk, the sink may give the tags that it has stored.
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

  /**
   * Of a disk whose transfer goes on where it ended: what was asked for and not answered is lost,
   * and so much of the disk is little.
   */
  private static final int MIN_TOLD_GROUPS = 512;

  private final DiskSource source;
  private final DiskSink sink;
  private final TagKey key;
  private final With with;
  private final TagsKept kept;
  private final Near near;
  private final Resume resume;
  private final Tally tally;
  private final Throttle throttle;

  /** The leaf tags of a whole super of the sink. */
  private interface Near {
    byte[] leaves(SuperRanges whole) throws IOException;
  }

  /** Of both disks, whose tags the pass makes and nobody before. */
  Comparison(
      DiskSource source,
      DiskSink sink,
      TagsKept kept,
      Resume resume,
      Tally tally,
      Throttle throttle) {
    this.source = source;
    this.sink = sink;
    this.key = resume.key();
    this.with = With.DISK;
    this.kept = kept;
    this.near = whole -> kept.seenWith(key, whole);
    this.resume = resume;
    this.tally = tally;
    this.throttle = throttle;
  }

  private Comparison(Comparison other, TagKey stored) {
    this.source = other.source;
    this.sink = other.sink;
    this.key = stored;
    this.with = With.STORED_TAGS;
    this.kept = other.kept;
    this.near = whole -> kept.leaves(stored, whole);
    this.resume = other.resume;
    this.tally = other.tally;
    this.throttle = other.throttle;
  }

  /**
   * Of the source's disk and of what the sink has stored.
   *
   * @param stored the key of those tags
   */
  Comparison withStored(TagKey stored) {
    return new Comparison(this, stored);
  }

  private int group(int supers) {
    int groups = resume.isTold() ? MIN_TOLD_GROUPS : MIN_GROUPS;
    return Math.clamp(supers / groups, 1, MAX_GROUP);
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
    int group = group(superTags.length);
    boolean isNear = with == With.DISK && source.near().isPresent() && sink.near().isPresent();
    ConcurrentSkipListMap<Integer, SuperRanges> differing = new ConcurrentSkipListMap<>();
    Crew.Piece piece =
        at -> {
          int end = Math.min((at + 1) * group, superTags.length);
          for (int first = at * group; first < end; ) {
            Optional<TransferJournal.Compared> known = resume.compared(with, first);
            if (known.isPresent()) {
              superTags[first] = HexFormat.of().parseHex(known.get().tag());
              if (with == With.DISK) {
                kept.seenBefore(whole(first));
              }
              put(first, known.get().differing(), differing);
              tally.done(whole(first).ranges().getFirst().lengthBytes());
              first++;
            } else {
              int next = first + 1;
              while (next < end && resume.compared(with, next).isEmpty()) {
                next++;
              }
              if (isNear) {
                bytesOf(first, next, superTags, differing);
              } else {
                ofSupers(first, next, superTags, differing);
              }
              first = next;
            }
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

  private static void put(
      int superIndex, List<ByteRange> found, Map<Integer, SuperRanges> differing) {
    if (!found.isEmpty()) {
      differing.put(superIndex, new SuperRanges(superIndex, found));
    }
  }

  private SuperRanges whole(int superIndex) {
    return Geometry.wholeSuper(superIndex, source.capacityBytes());
  }

  private void bytesOf(int first, int end, byte[][] superTags, Map<Integer, SuperRanges> differing)
      throws IOException {
    try (NearComparison bytes =
        new NearComparison(source.near().orElseThrow(), sink.near().orElseThrow(), key, tally)) {
      for (int at = first; at < end; at++) {
        tally.beforeBatch();
        ByteRange whole = whole(at).ranges().getFirst();
        List<ByteRange> leaves = new ArrayList<>();
        superTags[at] = bytes.of(whole, leaves);
        kept.seen(whole(at));
        put(at, leaves, differing);
        tally.compared(whole.lengthBytes());
        resume.tellCompared(with, at, superTags[at], leaves);
      }
    }
  }

  private void ofSupers(int first, int end, byte[][] superTags, Map<Integer, SuperRanges> differing)
      throws IOException {
    ByteRange range =
        ByteRange.between(
            whole(first).ranges().getFirst().offsetBytes(),
            whole(end - 1).ranges().getFirst().endBytes());
    byte[] here = tagsHere(TagLevel.SUPER, List.of(range));
    Tagger tagger = new Tagger(key);
    List<Suspect> suspects = new ArrayList<>();
    for (int at = first; at < end; at++) {
      int from = (at - first) * TAG_BYTES;
      superTags[at] = Arrays.copyOfRange(here, from, from + TAG_BYTES);
      ByteRange whole = whole(at).ranges().getFirst();
      byte[] leavesThere = near.leaves(whole(at));
      byte[] there = tagger.up(TagLevel.SUPER, whole.offsetBytes(), leavesThere);
      if (Arrays.equals(superTags[at], there)) {
        resume.tellCompared(with, at, superTags[at], List.of());
      } else {
        suspects.add(new Suspect(at, whole, leavesThere));
      }
      tally.compared(whole.lengthBytes());
    }
    if (!suspects.isEmpty()) {
      for (SuperRanges found : walkDown(suspects, tagger)) {
        int at = (int) found.superIndex();
        put(at, found.ranges(), differing);
        resume.tellCompared(with, at, superTags[at], found.ranges());
      }
    }
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
