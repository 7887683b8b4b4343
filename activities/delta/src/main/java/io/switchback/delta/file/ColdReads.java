package io.switchback.delta.file;

import io.switchback.delta.Geometry;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Reads in the way that costs the processor least: past the page cache what it does not hold, and
 * straight into the heap what it does. A disk that is read once from one end to the other would
 * push everything else out of memory, and cost the processor twice as much.
 */
final class ColdReads implements Closeable {
  /** Whoever reads less at a time into the heap is helped by what the system reads ahead. */
  private static final int LEAST_BYTES = Geometry.LEAF_BYTES;

  private final LinuxFile cached;
  private final LinuxFile direct;
  private final UnderWay underWay = new UnderWay();

  /** The device fills no memory of the heap: these stand between, no more than are under way. */
  private final ConcurrentLinkedDeque<ByteBuffer> between = new ConcurrentLinkedDeque<>();

  private volatile boolean isUseless;
  private volatile boolean hasRead;

  private ColdReads(LinuxFile cached, LinuxFile direct) {
    this.cached = cached;
    this.direct = direct;
  }

  /**
   * Of the file that {@code cached} has opened, which stays the caller's; empty where the file
   * system knows no other way than through its cache.
   */
  static Optional<ColdReads> open(Path path, LinuxFile cached) throws IOException {
    return LinuxFile.openDirect(path).map(direct -> new ColdReads(cached, direct));
  }

  /**
   * Reads what the cache holds nothing of, or, into an array, all of. Past the cache go whole pages
   * into memory outside the heap that lies on pages, or a leaf and more into the heap.
   *
   * @return bytes read; 0 when the caller has to read in the usual way
   */
  int read(long offsetBytes, ByteBuffer into) throws IOException {
    int length = into.remaining();
    if (isUseless || length == 0) {
      return 0;
    }
    // Asking for what is cached by a read that does not wait would begin to fill the cache.
    long pages = cached.cachedPages(offsetBytes, length);
    long count = 0;
    if (pages == 0 && isForDevice(offsetBytes, into)) {
      count = underWay.read(length, () -> pastCache(offsetBytes, into));
      hasRead |= count > 0;
    } else if (pages == pages(offsetBytes, length) && into.hasArray()) {
      count = cached.readCached(offsetBytes, MemorySegment.ofBuffer(into));
    }
    if (pages == LinuxFile.NOT_POSSIBLE || count == LinuxFile.NOT_POSSIBLE) {
      isUseless = true;
      return 0;
    }
    into.position(into.position() + (int) count);
    return (int) count;
  }

  private static long pages(long offsetBytes, int length) {
    return (offsetBytes + length - 1) / Geometry.PAGE_BYTES - offsetBytes / Geometry.PAGE_BYTES + 1;
  }

  private static boolean isForDevice(long offsetBytes, ByteBuffer into) {
    boolean isOnPages = (offsetBytes | into.remaining()) % Geometry.PAGE_BYTES == 0;
    return isOnPages && (isOnPage(into) || (into.hasArray() && into.remaining() >= LEAST_BYTES));
  }

  private static boolean isOnPage(ByteBuffer into) {
    return into.isDirect() && MemorySegment.ofBuffer(into).address() % Geometry.PAGE_BYTES == 0;
  }

  private long pastCache(long offsetBytes, ByteBuffer into) throws IOException {
    if (isOnPage(into)) {
      return direct.read(offsetBytes, MemorySegment.ofBuffer(into));
    }
    ByteBuffer kept = between.poll();
    ByteBuffer memory =
        kept == null || kept.capacity() < into.remaining()
            ? ByteBuffer.allocateDirect(into.remaining() + Geometry.PAGE_BYTES)
                .alignedSlice(Geometry.PAGE_BYTES)
            : kept;
    try {
      MemorySegment there = MemorySegment.ofBuffer(memory.slice(0, into.remaining()));
      long count = direct.read(offsetBytes, there);
      if (count > 0) {
        MemorySegment.ofBuffer(into).copyFrom(there.asSlice(0, count));
      }
      return count;
    } finally {
      between.push(memory);
    }
  }

  /** How much may be read past the cache at once now; 0 as long as nothing was. */
  int underWayBytes() {
    return hasRead ? underWay.mostBytes() : 0;
  }

  @Override
  public void close() throws IOException {
    direct.close();
  }
}
