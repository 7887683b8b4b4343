package io.switchback.delta.wire;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.Geometry;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A small disk in memory that notes whoever reaches beyond it. */
class ArrayDisk implements DiskSource {
  final byte[] bytes;
  private final DiskTags tags = new DiskTags(this);
  private final Map<String, List<ByteRange>> changes = new ConcurrentHashMap<>();
  private volatile boolean isReachedBeyond;

  ArrayDisk(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean isReachedBeyond() {
    return isReachedBeyond;
  }

  private void check(long offsetBytes, long lengthBytes) {
    if (offsetBytes < 0 || offsetBytes + lengthBytes > bytes.length) {
      isReachedBeyond = true;
      throw new IllegalArgumentException("beyond the end");
    }
  }

  /** Tells what changed since {@code changeId} from now on. */
  void changed(String changeId, List<ByteRange> ranges) {
    changes.put(changeId, ranges);
  }

  @Override
  public List<ByteRange> changedSince(String changeId, ByteRange within) throws IOException {
    check(within.offsetBytes(), within.lengthBytes());
    List<ByteRange> known = changes.get(changeId);
    if (known == null) {
      throw new ChangesUnknownException("'%s' is not known".formatted(changeId));
    }
    return known.stream().flatMap(range -> range.intersection(within).stream()).toList();
  }

  @Override
  public long capacityBytes() {
    return bytes.length;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    check(offsetBytes, into.remaining());
    into.put(bytes, (int) offsetBytes, into.remaining());
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) {
    check(within.offsetBytes(), within.lengthBytes());
    List<ByteRange> found = new ArrayList<>();
    for (long at = within.offsetBytes(); at < within.endBytes(); ) {
      long end = Math.min((at / Geometry.LEAF_BYTES + 1) * Geometry.LEAF_BYTES, within.endBytes());
      boolean isHole = true;
      for (long one = at; one < end && isHole; one++) {
        isHole = bytes[(int) one] == 0;
      }
      if (!isHole) {
        boolean touches = !found.isEmpty() && found.getLast().endBytes() == at;
        found.add(ByteRange.between(touches ? found.removeLast().offsetBytes() : at, end));
      }
      at = end;
    }
    return found;
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return tags.tags(key, level, ranges);
  }

  @Override
  public TagAlgorithm tagAlgorithm() {
    return TagAlgorithm.POLY1305;
  }

  @Override
  public long taggedBytes() {
    return tags.readBytes();
  }

  @Override
  public void close() {}
}
