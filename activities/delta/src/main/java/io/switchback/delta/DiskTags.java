package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@link TaggedDisk#tags} beside the disk, by reading it. Holes are not read. May be used
 * by several threads at once.
 *
 * <p>For a disk that does not change it remembers the leaf tags of the supers it tagged last, so
 * that whoever walks down from a super to the leaf that differs makes nobody read twice.
 */
public final class DiskTags {
  /**
   * A hole of less is read: going round it would cost more. And so much is read of the system's
   * cache at once: the processor's holds as much of several threads that take turns on it.
   */
  private static final int GRAIN_BYTES = 256 * 1024;

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
    try (Reader reader = new DiskTags(disk).new Reader(keys)) {
      return reader.leaves(whole.ranges().getFirst());
    }
  }

  /** As {@link TaggedDisk#tags} promises. */
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    ranges.forEach(range -> checkOnUnits(range, level, disk.capacityBytes()));
    ByteBuffer answer =
        ByteBuffer.allocate(
            Tagger.TAG_BYTES
                * ranges.stream().mapToInt(range -> level.tags(range.lengthBytes())).sum());
    try (Reader reader = new Reader(List.of(key))) {
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

  /** Reads and tags, through one array over and over. */
  private final class Reader implements AutoCloseable {
    private final List<Tagger> taggers;

    /** None as long as nothing was read. */
    private byte @Nullable [] array;

    Reader(List<TagKey> keys) {
      this.taggers = keys.stream().map(Tagger::new).toList();
    }

    @Override
    public void close() {
      if (array != null) {
        ReadArrays.giveBack(array);
        array = null;
      }
    }

    private byte[] array() {
      byte[] known = array;
      if (known == null) {
        known = ReadArrays.take();
        array = known;
      }
      return known;
    }

    /** The tags with each of the keys. */
    List<byte[]> leaves(ByteRange range) throws IOException {
      int length = Geometry.leaves(range) * Tagger.TAG_BYTES;
      List<ByteBuffer> answers = taggers.stream().map(_ -> ByteBuffer.allocate(length)).toList();
      List<ByteRange> allocated = disk.allocated(range);
      int most = disk.underWayBytes() > 0 ? ReadArrays.BYTES : GRAIN_BYTES;
      for (long at = range.offsetBytes(); at < range.endBytes(); ) {
        boolean isData = isData(at, range, allocated);
        long farthest = isData ? Math.min(at + most, range.endBytes()) : range.endBytes();
        long end = at;
        do {
          end = Math.min(end + GRAIN_BYTES, range.endBytes());
        } while (end < farthest && isData(end, range, allocated) == isData);
        ByteRange part = ByteRange.between(at, end);
        if (isData) {
          data(part, answers);
        } else {
          answers.forEach(answer -> Tagger.zeroLeaves(Geometry.leaves(part), answer));
        }
        at = end;
      }
      return answers.stream().map(ByteBuffer::array).toList();
    }

    /** Whether there is any in the grain that begins there. */
    private boolean isData(long at, ByteRange range, List<ByteRange> allocated) {
      ByteRange grain = ByteRange.between(at, Math.min(at + GRAIN_BYTES, range.endBytes()));
      return allocated.stream().anyMatch(data -> data.intersection(grain).isPresent());
    }

    @SuppressWarnings("ThreadPriorityCheck") // faster for it, and right without
    private void data(ByteRange part, List<ByteBuffer> answers) throws IOException {
      byte[] bytes = array();
      int length = (int) part.lengthBytes();
      disk.read(part.offsetBytes(), ByteBuffer.wrap(bytes, 0, length));
      readBytes.add(length);
      for (int from = 0; from < length; from += LEAF_BYTES) {
        int leaf = Math.min(LEAF_BYTES, length - from);
        long index = (part.offsetBytes() + from) / LEAF_BYTES;
        for (int key = 0; key < taggers.size(); key++) {
          taggers.get(key).leaf(index, bytes, from, leaf, answers.get(key));
        }
      }
      // Questions and answers are small and wait for a processor, which this would keep for a whole
      // slice: with little under way both ends would stand still meanwhile.
      Thread.yield();
    }
  }
}
