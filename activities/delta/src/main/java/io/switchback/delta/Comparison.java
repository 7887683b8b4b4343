package io.switchback.delta;

import static io.switchback.delta.Geometry.DIGEST_BYTES;
import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.CopyPlan.SuperRanges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Reads a source and a sink, each beside its disk, and tells by digests where they differ. */
final class Comparison {
  /** So many leaves of a sample are asked for at once. */
  private static final int CHUNK = 64;

  private final DiskSource source;
  private final DiskSink sink;
  private final Tally tally;

  Comparison(DiskSource source, DiskSink sink, Tally tally) {
    this.source = source;
    this.sink = sink;
    this.tally = tally;
  }

  /**
   * Where two disks of one capacity differ.
   *
   * @param differing leaves, ascending, by super
   * @param superDigests of the source, one per super of the disk
   */
  record Found(List<SuperRanges> differing, List<byte[]> superDigests) {}

  /** Compares every leaf. */
  Found ofAll(Crew crew) throws IOException, InterruptedException {
    long capacity = source.capacityBytes();
    byte[][] superDigests = new byte[Geometry.supers(capacity)][];
    ConcurrentSkipListMap<Integer, SuperRanges> differing = new ConcurrentSkipListMap<>();
    crew.each(
        superDigests.length,
        at -> {
          SuperRanges whole = Geometry.wholeSuper(at, capacity);
          byte[] here = digestsHere(whole.ranges());
          superDigests[at] = SuperDigest.of(whole, here);
          List<ByteRange> found = differing(whole.ranges(), here, sink.leafDigests(whole.ranges()));
          if (!found.isEmpty()) {
            differing.put(at, new SuperRanges(at, found));
          }
        });
    return new Found(List.copyOf(differing.values()), List.of(superDigests));
  }

  /** The first of {@code leaves} in which the disks differ, if there is any. */
  Optional<ByteRange> firstDifference(List<ByteRange> leaves, Crew crew)
      throws IOException, InterruptedException {
    ConcurrentSkipListMap<Long, ByteRange> differing = new ConcurrentSkipListMap<>();
    crew.each(
        (leaves.size() + CHUNK - 1) / CHUNK,
        at -> {
          List<ByteRange> chunk =
              leaves.subList(at * CHUNK, Math.min((at + 1) * CHUNK, leaves.size()));
          differing(chunk, digestsHere(chunk), sink.leafDigests(chunk))
              .forEach(leaf -> differing.put(leaf.offsetBytes(), leaf));
        });
    return Optional.ofNullable(differing.firstEntry()).map(first -> first.getValue());
  }

  private byte[] digestsHere(List<ByteRange> ranges) throws IOException {
    byte[] digests = LeafDigests.of(source, ranges);
    for (ByteRange range : ranges) {
      source.allocated(range).forEach(data -> tally.read(data.lengthBytes()));
      tally.done(range.lengthBytes());
    }
    return digests;
  }

  /** The leaves of {@code ranges} whose digests differ; those that touch are one range. */
  private static List<ByteRange> differing(List<ByteRange> ranges, byte[] here, byte[] there) {
    List<ByteRange> differing = new ArrayList<>();
    int from = 0;
    for (ByteRange range : ranges) {
      for (long at = range.offsetBytes(); at < range.endBytes(); at += LEAF_BYTES) {
        int to = from + DIGEST_BYTES;
        if (!Arrays.equals(here, from, to, there, from, to)) {
          long end = Math.min(at + LEAF_BYTES, range.endBytes());
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
