package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Copies supers, one after the other, through one buffer. Each thread of a transfer has its own.
 *
 * <p>Reading, looking for zeros and tagging touch a piece while the processor's cache still holds
 * it, which is why one thread does all three; threads overlap by working on different supers.
 */
final class SuperCopy {
  private static final int READ_BYTES = 256 * 1024;

  /** All of a super. */
  private static final int MOST_AHEAD = Geometry.SUPER_BYTES / READ_BYTES;

  private static final int BATCH_BYTES = Batch.MAX_BYTES;

  private final DiskSource source;
  private final DiskSink sink;
  private final Tally tally;
  private final Throttle throttle;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BATCH_BYTES + Geometry.PAGE_BYTES)
          .alignedSlice(Geometry.PAGE_BYTES)
          .slice(0, BATCH_BYTES);
  private final Tagger tagger;
  private final byte[] leaf = new byte[LEAF_BYTES];
  private final List<Batch.Piece> pieces = new ArrayList<>();
  private int used;
  private int unsent;
  private int dataEnd;

  SuperCopy(DiskSource source, DiskSink sink, TagKey key, Tally tally, Throttle throttle) {
    this.tagger = new Tagger(key);
    this.source = source;
    this.sink = sink;
    this.tally = tally;
    this.throttle = throttle;
  }

  /** Hears of each super that was copied. */
  interface Copied {
    /**
     * @param leafTags of what was read
     */
    void copied(int at, byte[] leafTags) throws IOException;
  }

  /**
   * Copies one super after the other; the reads of later ones are asked for while earlier ones come
   * in.
   *
   * @param supers by the number that {@code copied} shall name them by, ascending
   */
  void copy(SortedMap<Integer, SuperRanges> supers, Copied copied) throws IOException {
    Map<Integer, List<Part>> parts = new LinkedHashMap<>();
    for (Map.Entry<Integer, SuperRanges> one : supers.entrySet()) {
      parts.put(one.getKey(), parts(one.getValue()));
    }
    List<ByteRange> reads =
        parts.values().stream()
            .flatMap(List::stream)
            .filter(Part::isData)
            .map(Part::range)
            .toList();
    int next = 0;
    for (Map.Entry<Integer, List<Part>> one : parts.entrySet()) {
      ByteBuffer tags = ByteBuffer.allocate(leaves(one.getValue()) * Tagger.TAG_BYTES);
      for (Part part : one.getValue()) {
        if (part.isData()) {
          source.expect(reads.subList(next, Math.min(next + ahead(), reads.size())));
          next++;
          copyData(part.range(), tags);
        } else {
          copyHole(part.range(), tags);
        }
      }
      send();
      copied.copied(one.getKey(), tags.array());
    }
  }

  private List<Part> parts(SuperRanges ranges) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (ByteRange range : ranges.ranges()) {
      addParts(range, source.allocated(range), parts);
    }
    return parts;
  }

  private static int leaves(List<Part> parts) {
    return parts.stream().mapToInt(part -> Geometry.leaves(part.range())).sum();
  }

  /** So many reads may be asked for at once, the one that comes now included. */
  private int ahead() {
    return (int) Math.clamp(throttle.aheadBytes() / READ_BYTES, 1, MOST_AHEAD);
  }

  /** A stretch that is read in one go, or a hole. */
  private record Part(ByteRange range, boolean isData) {}

  private static void addParts(ByteRange range, List<ByteRange> allocated, List<Part> parts) {
    for (long at = range.offsetBytes(); at < range.endBytes(); at += READ_BYTES) {
      ByteRange part = ByteRange.between(at, Math.min(at + READ_BYTES, range.endBytes()));
      parts.add(
          new Part(part, allocated.stream().anyMatch(data -> data.intersection(part).isPresent())));
    }
  }

  private void copyHole(ByteRange hole, ByteBuffer tags) {
    Tagger.zeroLeaves(Geometry.leaves(hole), tags);
    addZeros(hole);
    tally.done(hole.lengthBytes());
  }

  private void copyData(ByteRange part, ByteBuffer tags) throws IOException {
    int length = (int) part.lengthBytes();
    if (buffer.capacity() - used < length) {
      send();
    }
    int start = used;
    source.read(part.offsetBytes(), buffer.slice(start, length));
    used += length;
    tally.read(length);
    throttle.passed(length);
    for (int at = 0; at < length; at += LEAF_BYTES) {
      int bytes = Math.min(LEAF_BYTES, length - at);
      buffer.get(start + at, leaf, 0, bytes);
      if (Tagger.isZero(leaf, 0, bytes)) {
        addZeros(new ByteRange(part.offsetBytes() + at, bytes));
        Tagger.zeroLeaves(1, tags);
      } else {
        addData(part.offsetBytes() + at, start + at, bytes);
        tagger.leaf((part.offsetBytes() + at) / LEAF_BYTES, leaf, 0, bytes, tags);
      }
    }
    tally.done(length);
  }

  private void addZeros(ByteRange zeros) {
    if (!pieces.isEmpty()
        && pieces.getLast() instanceof Batch.Zeros last
        && last.range().endBytes() == zeros.offsetBytes()) {
      pieces.removeLast();
      pieces.add(new Batch.Zeros(ByteRange.between(last.range().offsetBytes(), zeros.endBytes())));
    } else {
      pieces.add(new Batch.Zeros(zeros));
    }
  }

  private void addData(long offsetBytes, int from, int length) {
    unsent += length;
    if (!pieces.isEmpty()
        && pieces.getLast() instanceof Batch.Data last
        && last.range().endBytes() == offsetBytes
        && dataEnd == from) {
      pieces.removeLast();
      int joined = last.bytes().remaining() + length;
      pieces.add(new Batch.Data(last.offsetBytes(), buffer.slice(from + length - joined, joined)));
    } else {
      pieces.add(new Batch.Data(offsetBytes, buffer.slice(from, length)));
    }
    dataEnd = from + length;
  }

  private void send() throws IOException {
    if (!pieces.isEmpty()) {
      tally.beforeBatch();
      sink.write(new Batch(pieces));
      tally.sent(unsent);
    }
    pieces.clear();
    used = 0;
    unsent = 0;
  }
}
