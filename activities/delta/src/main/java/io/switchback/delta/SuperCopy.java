package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BATCH_BYTES);
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

  /** Copies {@code ranges} and answers the leaf tags of what was read. */
  byte[] copy(SuperRanges ranges) throws IOException {
    int leaves = ranges.ranges().stream().mapToInt(Geometry::leaves).sum();
    ByteBuffer tags = ByteBuffer.allocate(leaves * Tagger.TAG_BYTES);
    List<Part> parts = new ArrayList<>();
    for (ByteRange range : ranges.ranges()) {
      addParts(range, source.allocated(range), parts);
    }
    List<ByteRange> reads = parts.stream().filter(Part::isData).map(Part::range).toList();
    int next = 0;
    for (Part part : parts) {
      if (part.isData()) {
        source.expect(reads.subList(next, Math.min(next + ahead(), reads.size())));
        next++;
        copyData(part.range(), tags);
      } else {
        copyHole(part.range(), tags);
      }
    }
    send();
    return tags.array();
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
      if (Tagger.isZero(leaf, bytes)) {
        addZeros(new ByteRange(part.offsetBytes() + at, bytes));
        Tagger.zeroLeaves(1, tags);
      } else {
        addData(part.offsetBytes() + at, start + at, bytes);
        tagger.leaf((part.offsetBytes() + at) / LEAF_BYTES, leaf, bytes, tags);
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
