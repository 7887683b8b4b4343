package io.switchback.lab;

/** A stretch of a disk. */
public record ByteRange(long offsetBytes, long lengthBytes) {
  public ByteRange {
    if (offsetBytes < 0 || lengthBytes < 0) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "A range needs an offset and a length from 0, got %d and %d."
              .formatted(offsetBytes, lengthBytes));
    }
  }

  public long endBytes() {
    return offsetBytes + lengthBytes;
  }
}
