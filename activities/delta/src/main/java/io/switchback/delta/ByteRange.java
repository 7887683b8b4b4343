package io.switchback.delta;

import java.util.Optional;

/**
 * Bytes {@code offsetBytes} (inclusive) to {@link #endBytes()} (exclusive) of a disk. Never empty.
 *
 * @param offsetBytes position of the first byte, from the start of the disk
 * @param lengthBytes number of bytes, at least one
 */
public record ByteRange(long offsetBytes, long lengthBytes) {
  public ByteRange {
    if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > Long.MAX_VALUE - lengthBytes) {
      throw new IllegalArgumentException(
          "A byte range needs a start of 0 or more and at least one byte, but got start "
              + offsetBytes
              + " and length "
              + lengthBytes
              + ".");
    }
  }

  /** The range from {@code startBytes} (inclusive) to {@code endBytes} (exclusive). */
  public static ByteRange between(long startBytes, long endBytes) {
    return new ByteRange(startBytes, endBytes - startBytes);
  }

  /** Position after the last byte. */
  public long endBytes() {
    return offsetBytes + lengthBytes;
  }

  /** The bytes that both ranges name, if any. */
  public Optional<ByteRange> intersection(ByteRange other) {
    long start = Math.max(offsetBytes, other.offsetBytes);
    long end = Math.min(endBytes(), other.endBytes());
    return start < end ? Optional.of(between(start, end)) : Optional.empty();
  }

  @Override
  public String toString() {
    return "[" + offsetBytes + ", " + endBytes() + ")";
  }
}
