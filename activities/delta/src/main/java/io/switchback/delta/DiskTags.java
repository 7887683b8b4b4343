package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers {@link TaggedDisk#tags} beside the disk, by reading it. Holes are not read. May be used
 * by several threads at once.
 *
 * <p>For a disk that does not change it remembers the leaf tags of the supers it tagged last, so
 * that whoever walks down from a super to the leaf that differs makes nobody read twice.
 */
public final class DiskTags {
  private static final int READ_BYTES = 256 * 1024;

  /** At 4 KiB each. */
  private static final int REMEMBERED_SUPERS = 1024;

  private final DiskSource disk;
  private final Map<Known, byte[]> remembered = new LinkedHashMap<>();

  private final LongAdder readBytes = new LongAdder();

  private record Known(TagKey key, long superIndex) {}

  /** Beside a disk that does not change. */
  public DiskTags(DiskSource disk) {
    this.disk = disk;
  }

  /** Tags of a disk that may change: every call reads anew. */
  public static byte[] of(DiskSource disk, TagKey key, TagLevel level, List<ByteRange> ranges)
      throws IOException {
    return new DiskTags(disk).tags(key, level, ranges);
  }

  /**
   * The leaf tags of a super with each of some keys, of a disk that may change: it is read once,
   * and every tag is of the same bytes.
   */
  static List<byte[]> leavesWith(List<TagKey> keys, DiskSource disk, SuperRanges whole)
      throws IOException {
    try (Arena memory = Arena.ofConfined()) {
      return new DiskTags(disk)
          .new Reader(keys, memory.allocate(READ_BYTES, Geometry.PAGE_BYTES).asByteBuffer())
          .leaves(whole.ranges().getFirst());
    }
  }

  /** As {@link TaggedDisk#tags} promises. */
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    ranges.forEach(range -> checkOnUnits(range, level, disk.capacityBytes()));
    ByteBuffer answer =
        ByteBuffer.allocate(
            Tagger.TAG_BYTES
                * ranges.stream().mapToInt(range -> level.tags(range.lengthBytes())).sum());
    try (Arena memory = Arena.ofConfined()) {
      Reader reader =
          new Reader(List.of(key), memory.allocate(READ_BYTES, Geometry.PAGE_BYTES).asByteBuffer());
      for (ByteRange range : ranges) {
        for (long at = range.offsetBytes(); at < range.endBytes(); ) {
          long end = Math.min((at / SUPER_BYTES + 1) * SUPER_BYTES, range.endBytes());
          byte[] leaves = leaves(reader, key, ByteRange.between(at, end));
          answer.put(reader.taggers.getFirst().up(level, at, leaves));
          at = end;
        }
      }
    }
    return answer.array();
  }

  /** Bytes read so far: neither holes nor what was remembered. */
  public long readBytes() {
    return readBytes.sum();
  }

  /**
   * @param level its units are what a range starts and ends on
   * @throws IllegalArgumentException if it does not
   */
  public static void checkOnUnits(ByteRange range, TagLevel level, long capacityBytes) {
    boolean endsWell =
        range.endBytes() % level.unitBytes() == 0 || range.endBytes() == capacityBytes;
    if (range.offsetBytes() % level.unitBytes() != 0
        || !endsWell
        || range.endBytes() > capacityBytes) {
      throw new IllegalArgumentException(
          "The range %s does not begin and end on units of %d bytes inside a disk of %d bytes."
              .formatted(range, level.unitBytes(), capacityBytes));
    }
  }

  /**
   * @param range within one super
   */
  private byte[] leaves(Reader reader, TagKey key, ByteRange range) throws IOException {
    long start = range.offsetBytes() / SUPER_BYTES * SUPER_BYTES;
    Known known = new Known(key, range.offsetBytes() / SUPER_BYTES);
    byte[] ofSuper;
    synchronized (remembered) {
      ofSuper = remembered.get(known);
    }
    if (ofSuper != null) {
      int from = (int) (range.offsetBytes() - start) / LEAF_BYTES * Tagger.TAG_BYTES;
      return Arrays.copyOfRange(ofSuper, from, from + Geometry.leaves(range) * Tagger.TAG_BYTES);
    }
    byte[] read = reader.leaves(range).getFirst();
    boolean isWhole =
        range.offsetBytes() == start
            && range.endBytes() == Math.min(start + SUPER_BYTES, disk.capacityBytes());
    if (isWhole) {
      synchronized (remembered) {
        remembered.put(known, read);
        if (remembered.size() > REMEMBERED_SUPERS) {
          remembered.remove(remembered.keySet().iterator().next());
        }
      }
    }
    return read;
  }

  /** Reads and tags, with buffers that are used over and over. */
  private final class Reader {
    private final List<Tagger> taggers;
    private final byte[] leaf = new byte[LEAF_BYTES];
    private final ByteBuffer buffer;

    Reader(List<TagKey> keys, ByteBuffer buffer) {
      this.buffer = buffer;
      this.taggers = keys.stream().map(Tagger::new).toList();
    }

    /** The tags with each of the keys. */
    List<byte[]> leaves(ByteRange range) throws IOException {
      int length = Geometry.leaves(range) * Tagger.TAG_BYTES;
      List<ByteBuffer> answers = taggers.stream().map(_ -> ByteBuffer.allocate(length)).toList();
      List<ByteRange> allocated = disk.allocated(range);
      for (long at = range.offsetBytes(); at < range.endBytes(); at += READ_BYTES) {
        ByteRange part = ByteRange.between(at, Math.min(at + READ_BYTES, range.endBytes()));
        if (allocated.stream().anyMatch(data -> data.intersection(part).isPresent())) {
          data(part, answers);
        } else {
          answers.forEach(answer -> Tagger.zeroLeaves(Geometry.leaves(part), answer));
        }
      }
      return answers.stream().map(ByteBuffer::array).toList();
    }

    private void data(ByteRange part, List<ByteBuffer> answers) throws IOException {
      int length = (int) part.lengthBytes();
      disk.read(part.offsetBytes(), buffer.clear().limit(length));
      readBytes.add(length);
      buffer.flip();
      for (long at = part.offsetBytes(); buffer.hasRemaining(); at += LEAF_BYTES) {
        int bytes = Math.min(LEAF_BYTES, buffer.remaining());
        buffer.get(leaf, 0, bytes);
        for (int key = 0; key < taggers.size(); key++) {
          taggers.get(key).leaf(at / LEAF_BYTES, leaf, bytes, answers.get(key));
        }
      }
    }
  }
}
