package io.switchback.delta.file;

import io.switchback.delta.Geometry;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads past the page cache what it does not hold. A disk that is read once from one end to the
 * other would push everything else out of memory, and cost the processor twice as much.
 */
final class ColdReads implements Closeable {
  private final LinuxFile cached;
  private final LinuxFile direct;
  private final UnderWay underWay = new UnderWay();
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
   * Reads what the cache holds nothing of. The buffer must be outside the heap, and all of it on
   * whole pages.
   *
   * @return bytes read; 0 when the caller has to read through the cache
   */
  int read(long offsetBytes, ByteBuffer into) throws IOException {
    if (isUseless || !into.isDirect()) {
      return 0;
    }
    MemorySegment memory = MemorySegment.ofBuffer(into);
    if ((memory.address() | offsetBytes | into.remaining()) % Geometry.PAGE_BYTES != 0) {
      return 0;
    }
    // Asking for what is cached by a read that does not wait would begin to fill the cache.
    long pages = cached.cachedPages(offsetBytes, into.remaining());
    long count =
        pages == 0 ? underWay.read(into.remaining(), () -> direct.read(offsetBytes, memory)) : 0;
    if (pages == LinuxFile.NOT_POSSIBLE || count == LinuxFile.NOT_POSSIBLE) {
      isUseless = true;
      return 0;
    }
    hasRead |= count > 0;
    into.position(into.position() + (int) count);
    return (int) count;
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
