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
 * segments, and then for leaves; where all supers differ, sooner. The sink is near: it is asked for
 * leaves at once. Where the source is near as well, the bytes themselves are compared.
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

  private final Opening opening = new Opening();
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
   * @param differing ascending
   * @param superTags of the source, one per super of the disk
   */
  record Found(List<DifferingSuper> differing, List<byte[]> superTags) {}

  /** Compares the whole disks. */
  Found ofAll(Crew crew) throws IOException, InterruptedException {
    byte[][] superTags = new byte[Geometry.supers(source.capacityBytes())][];
    int group = group(superTags.length);
    boolean isNear = with == With.DISK && source.near().isPresent() && sink.near().isPresent();
    ConcurrentSkipListMap<Integer, DifferingSuper> differing = new ConcurrentSkipListMap<>();
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
              if (!known.get().differing().isEmpty()) {
                differing.put(
                    first,
                    new DifferingSuper(
                        new SuperRanges(first, known.get().differing()), known.get().digest()));
              }
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

  private SuperRanges whole(int superIndex) {
    return Geometry.wholeSuper(superIndex, source.capacityBytes());
  }

  private void bytesOf(
      int first, int end, byte[][] superTags, Map<Integer, DifferingSuper> differing)
      throws IOException {
    try (NearComparison bytes =
        new NearComparison(
            source.near().orElseThrow(), sink.near().orElseThrow(), key, kept.key(), tally)) {
      for (int at = first; at < end; at++) {
        tally.beforeBatch();
        ByteRange whole = whole(at).ranges().getFirst();
        List<ByteRange> leaves = new ArrayList<>();
        superTags[at] = bytes.of(whole, leaves);
        kept.seen(at, bytes.keptTags());
        giveBack(bytes.zerosThere());
        tally.compared(whole.lengthBytes());
        if (leaves.isEmpty()) {
          resume.tellEqual(with, at, superTags[at]);
        } else {
          SuperRanges found = new SuperRanges(at, leaves);
          differing(DifferingSuper.of(whole, found, bytes.tags()), superTags[at], differing);
        }
      }
    }
  }

  /** What was zeros when the sink was read takes no space there, where the sink can help it. */
  private void giveBack(List<ByteRange> zeros) throws IOException {
    if (with == With.DISK && kept.isToldOf()) {
      for (ByteRange range : zeros) {
        tally.beforeBatch();
        sink.giveBack(range);
      }
    }
  }

  private void differing(DifferingSuper found, byte[] tag, Map<Integer, DifferingSuper> differing)
      throws IOException {
    differing.put((int) found.differing().superIndex(), found);
    resume.tellDiffering(with, tag, found);
  }

  private void ofSupers(
      int first, int end, byte[][] superTags, Map<Integer, DifferingSuper> differing)
      throws IOException {
    ByteRange range =
        ByteRange.between(
            whole(first).ranges().getFirst().offsetBytes(),
            whole(end - 1).ranges().getFirst().endBytes());
    TagLevel top = opening.level();
    // Asked before the sink is read: both disks are read and tagged at the same time.
    DiskSource.AskedTags asked = source.askTags(key, top, List.of(range));
    List<byte[]> leavesThere = new ArrayList<>();
    for (int at = first; at < end; at++) {
      byte[] there = near.leaves(whole(at));
      leavesThere.add(there);
      giveBack(WalkDown.zeros(whole(at).ranges().getFirst(), there));
    }
    ByteBuffer here = ByteBuffer.wrap(arrived(asked));
    Tagger tagger = new Tagger(key);
    WalkDown walk = new WalkDown(tagger, this::tagsHere);
    for (int at = first; at < end; at++) {
      ByteRange whole = whole(at).ranges().getFirst();
      byte[] topHere = new byte[top.tags(whole.lengthBytes()) * TAG_BYTES];
      here.get(topHere);
      superTags[at] = tagger.up(top, TagLevel.SUPER, whole.offsetBytes(), topHere);
      byte[] there = leavesThere.get(at - first);
      if (Arrays.equals(superTags[at], tagger.up(TagLevel.SUPER, whole.offsetBytes(), there))) {
        resume.tellEqual(with, at, superTags[at]);
      } else {
        walk.from(at, whole, superTags[at], top, topHere, there);
      }
      tally.compared(whole.lengthBytes());
    }
    List<DifferingSuper> all = walk.down();
    opening.found(end - first, all);
    for (DifferingSuper found : all) {
      differing(found, superTags[(int) found.differing().superIndex()], differing);
    }
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
          DiskSource.AskedTags asked = source.askTags(key, TagLevel.LEAF, chunk);
          byte[] there = sink.tags(key, TagLevel.LEAF, chunk);
          WalkDown.differing(chunk, TagLevel.LEAF, arrived(asked), there)
              .forEach(leaf -> differing.put(leaf.offsetBytes(), leaf));
          chunk.forEach(leaf -> tally.compared(leaf.lengthBytes()));
        });
    return Optional.ofNullable(differing.firstEntry()).map(first -> first.getValue());
  }

  private byte[] tagsHere(TagLevel level, List<ByteRange> ranges) throws IOException {
    return arrived(source.askTags(key, level, ranges));
  }

  private byte[] arrived(DiskSource.AskedTags asked) throws IOException {
    byte[] tags = asked.await();
    tally.tagged(source.taggedBytes());
    tally.digested(tags.length);
    throttle.passed(0);
    return tags;
  }
}
