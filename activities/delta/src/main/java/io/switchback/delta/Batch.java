package io.switchback.delta;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What one call of {@link DiskSink#write} changes: pieces that do not overlap, in ascending order.
 * At most {@link #MAX_BYTES} of data travel in one batch.
 */
public record Batch(List<Piece> pieces) {
  public static final int MAX_BYTES = 4 * 1024 * 1024;

  public Batch {
    pieces = List.copyOf(pieces);
    long end = 0;
    long dataBytes = 0;
    for (Piece piece : pieces) {
      if (piece.range().offsetBytes() < end) {
        throw new IllegalArgumentException(
            "The pieces of a batch ascend and do not overlap, but "
                + piece.range()
                + " starts before "
                + end
                + ".");
      }
      end = piece.range().endBytes();
      dataBytes += piece instanceof Data data ? data.bytes().remaining() : 0;
    }
    if (dataBytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A batch carries at most " + MAX_BYTES + " bytes, not " + dataBytes + ".");
    }
  }

  /** Number of bytes that travel. */
  public int dataBytes() {
    return pieces.stream()
        .mapToInt(piece -> piece instanceof Data data ? data.bytes().remaining() : 0)
        .sum();
  }

  /**
   * Returns when every piece lies inside a disk of {@code capacityBytes}. Every sink asks this
   * before it changes anything.
   *
   * @throws IllegalArgumentException if one does not
   */
  public void checkInside(long capacityBytes) {
    if (!pieces.isEmpty() && pieces.getLast().range().endBytes() > capacityBytes) {
      throw new IllegalArgumentException(
          "The piece "
              + pieces.getLast().range()
              + " reaches beyond the end of a disk of "
              + capacityBytes
              + " bytes.");
    }
  }

  /** One stretch of the disk and what it shall hold. */
  public sealed interface Piece {
    ByteRange range();
  }

  /**
   * The stretch that starts at {@code offsetBytes} shall hold {@code bytes}, from its position to
   * its limit. Whoever reads the bytes uses a duplicate: the buffer's position stays.
   */
  public record Data(long offsetBytes, ByteBuffer bytes) implements Piece {
    public Data {
      ByteRange checked = new ByteRange(offsetBytes, bytes.remaining());
      offsetBytes = checked.offsetBytes();
    }

    @Override
    public ByteRange range() {
      return new ByteRange(offsetBytes, bytes.remaining());
    }
  }

  /** The stretch shall read as zeros, and take no space where the sink can give it back. */
  public record Zeros(ByteRange range) implements Piece {}
}
