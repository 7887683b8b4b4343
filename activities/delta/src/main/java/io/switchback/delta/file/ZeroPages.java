package io.switchback.delta.file;

import io.switchback.delta.ByteRange;
import io.switchback.delta.Geometry;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Finds the pages of a disk that bytes to be written hold only zeros of. */
final class ZeroPages {
  private static final int PAGE_BYTES = Geometry.PAGE_BYTES;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PAGE_BYTES).asReadOnlyBuffer();

  private ZeroPages() {}

  /**
   * The first whole pages, as many as follow each other.
   *
   * @param offsetBytes where on the disk {@code bytes} begin; its position stays
   */
  static Optional<ByteRange> first(long offsetBytes, ByteBuffer bytes) {
    long firstPage = Math.ceilDiv(offsetBytes, PAGE_BYTES) * PAGE_BYTES;
    long endBytes = offsetBytes + bytes.remaining();
    long start = firstPage;
    while (start + PAGE_BYTES <= endBytes && !isZero(bytes, start - offsetBytes)) {
      start += PAGE_BYTES;
    }
    long end = start;
    while (end + PAGE_BYTES <= endBytes && isZero(bytes, end - offsetBytes)) {
      end += PAGE_BYTES;
    }
    return end > start ? Optional.of(ByteRange.between(start, end)) : Optional.empty();
  }

  private static boolean isZero(ByteBuffer bytes, long from) {
    int at = bytes.position() + (int) from;
    // Most pages that hold something say so at once.
    return bytes.getLong(at) == 0 && bytes.slice(at, PAGE_BYTES).mismatch(ZEROS) < 0;
  }
}
