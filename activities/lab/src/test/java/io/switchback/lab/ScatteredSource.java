package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.Geometry;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** A disk with some bytes in each super; counts what is read of it, and can be made to die. */
final class ScatteredSource implements DiskSource {
  static final int SUPER_BYTES = (int) Geometry.SUPER_BYTES;
  private static final int LENGTH = 4 * Layer.GRAIN;
  private static final long PLACE = 8L * Layer.GRAIN;

  private final long capacityBytes;
  private final Map<Long, Integer> changes = new ConcurrentHashMap<>();
  private volatile DiskTags tags = new DiskTags(this);
  private final AtomicLong readBytes = new AtomicLong();
  private final AtomicLong leftBytes = new AtomicLong(Long.MAX_VALUE);

  ScatteredSource(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  /** Changes one leaf of the super. */
  void change(long superIndex) {
    changes.merge(superIndex, 1, Integer::sum);
    // They are of a disk that does not change.
    tags = new DiskTags(this);
  }

  void dieAfter(long bytes) {
    leftBytes.set(bytes);
  }

  long readBytes() {
    return readBytes.get();
  }

  /** What the threads of a transfer may have read in vain when it dies: a super each. */
  static long bytesUnderWay() {
    return (long) LENGTH * Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  long allocatedBytes() {
    return capacityBytes / SUPER_BYTES * LENGTH;
  }

  @Override
  public long capacityBytes() {
    return capacityBytes;
  }

  private List<ByteRange> places() {
    return LongStream.range(0, capacityBytes / SUPER_BYTES)
        .mapToObj(at -> new ByteRange(at * SUPER_BYTES + PLACE, LENGTH))
        .toList();
  }

  private byte[] content(ByteRange place) {
    byte[] content = new byte[LENGTH];
    new SplittableRandom(place.offsetBytes()).nextBytes(content);
    // In its last leaf alone.
    content[LENGTH - 1] += changes.getOrDefault(place.offsetBytes() / SUPER_BYTES, 0).byteValue();
    return content;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    if (leftBytes.addAndGet(-into.remaining()) < 0) {
      throw new IOException("The source has died.");
    }
    readBytes.addAndGet(into.remaining());
    ByteRange wanted = new ByteRange(offsetBytes, into.remaining());
    int start = into.position();
    into.put(new byte[into.remaining()]);
    for (ByteRange place : places()) {
      place
          .intersection(wanted)
          .ifPresent(
              part ->
                  into.put(
                      start + (int) (part.offsetBytes() - offsetBytes),
                      content(place),
                      (int) (part.offsetBytes() - place.offsetBytes()),
                      (int) part.lengthBytes()));
    }
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) {
    return places().stream().flatMap(place -> place.intersection(within).stream()).toList();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return tags.tags(key, level, ranges);
  }

  @Override
  public long taggedBytes() {
    return tags.readBytes();
  }

  void assertCopiedTo(LabClient site, String vm, String disk) {
    try (DiskConnection connection = site.openDisk(vm, disk)) {
      for (ByteRange place : places()) {
        assertThat(LabFixture.read(connection, null, place.offsetBytes(), LENGTH))
            .isEqualTo(content(place));
      }
    }
  }

  @Override
  public void close() {}
}
