package io.switchback.delta.undo;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.Geometry;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A disk as it stood at one of its restore points.
 *
 * <p>The disk is read first and the logs are looked at afterwards: whoever changes a leaf has put
 * it into a log before, so what came from the disk while it was changed is never used.
 */
final class PointView implements DiskSource {
  private final RestorePoints points;
  private final String id;
  private final DiskSource disk;
  private final DiskTags tags = new DiskTags(this);
  private final AtomicBoolean closed = new AtomicBoolean();

  PointView(RestorePoints points, String id, DiskSource disk) {
    this.points = points;
    this.id = id;
    this.disk = disk;
  }

  @Override
  public long capacityBytes() {
    return disk.capacityBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    checkOpen();
    int start = into.position();
    if (!into.hasRemaining()) {
      disk.read(offsetBytes, into);
      return;
    }
    ByteRange asked = new ByteRange(Math.max(0, offsetBytes), into.remaining());
    points.lock().readLock().lock();
    try {
      disk.read(offsetBytes, into);
      List<UndoLog> logs = logs();
      for (long leaf = first(asked); leaf <= last(asked); leaf++) {
        Optional<ByteBuffer> content = Chain.read(logs, leaf, false);
        if (content.isPresent()) {
          ByteRange part = leaf(leaf).intersection(asked).orElseThrow();
          int from = (int) (part.offsetBytes() - leaf * Geometry.LEAF_BYTES);
          int to = start + (int) (part.offsetBytes() - asked.offsetBytes());
          into.put(to, content.get(), from, (int) part.lengthBytes());
        }
      }
    } finally {
      points.lock().readLock().unlock();
    }
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) throws IOException {
    checkOpen();
    points.lock().readLock().lock();
    try {
      List<ByteRange> onDisk = disk.allocated(within);
      List<UndoLog> logs = logs();
      List<ByteRange> found = new ArrayList<>();
      for (long leaf = first(within); leaf <= last(within); leaf++) {
        ByteRange part = leaf(leaf).intersection(within).orElseThrow();
        Optional<UndoLog> log = holder(logs, leaf);
        if (log.isEmpty()) {
          onDisk.stream()
              .flatMap(data -> data.intersection(part).stream())
              .forEach(data -> add(found, data));
        } else if (!log.get().leaves().isZeros(leaf)) {
          add(found, part);
        }
      }
      return found;
    } finally {
      points.lock().readLock().unlock();
    }
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return tags.tags(key, level, ranges);
  }

  @Override
  public long taggedBytes() {
    return tags.readBytes();
  }

  private static Optional<UndoLog> holder(List<UndoLog> logs, long leaf) {
    return logs.stream().filter(log -> log.leaves().has(leaf)).findFirst();
  }

  private static void add(List<ByteRange> found, ByteRange next) {
    boolean touches = !found.isEmpty() && found.getLast().endBytes() == next.offsetBytes();
    found.add(
        touches ? ByteRange.between(found.removeLast().offsetBytes(), next.endBytes()) : next);
  }

  private List<UndoLog> logs() {
    Chain chain = points.chain();
    return chain.since(chain.list().indexOf(id));
  }

  private ByteRange leaf(long index) {
    long start = index * Geometry.LEAF_BYTES;
    return ByteRange.between(start, Math.min(start + Geometry.LEAF_BYTES, capacityBytes()));
  }

  private static long first(ByteRange range) {
    return range.offsetBytes() / Geometry.LEAF_BYTES;
  }

  private static long last(ByteRange range) {
    return (range.endBytes() - 1) / Geometry.LEAF_BYTES;
  }

  private void checkOpen() throws IOException {
    if (closed.get()) {
      throw new IOException("The view of restore point '" + id + "' is closed.");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      points.closed(id);
    }
  }
}
