package io.switchback.delta;

/**
 * What a transfer has moved so far, all in bytes.
 *
 * @param readBytes read from the source, to be copied or to be tagged
 * @param comparedBytes of the disk that were compared by tags, holes included
 * @param digestBytes tags that the source answered for that
 * @param travelledBytes between this transfer and a source that is far away, both directions,
 *     compressed; 0 where the source is near
 * @param sentBytes written to the sink: no holes, no zeros
 * @param aheadBytes that are asked of a source that is far away before they are needed, now
 * @param underWayBytes that may be read of this machine's devices at once, of both disks, now
 */
public record TransferFigures(
    long readBytes,
    long comparedBytes,
    long digestBytes,
    long travelledBytes,
    long sentBytes,
    long aheadBytes,
    long underWayBytes) {
  public static final TransferFigures NONE = new TransferFigures(0, 0, 0, 0, 0, 0, 0);

  TransferFigures plus(TransferFigures other) {
    return new TransferFigures(
        readBytes + other.readBytes,
        comparedBytes + other.comparedBytes,
        digestBytes + other.digestBytes,
        travelledBytes + other.travelledBytes,
        sentBytes + other.sentBytes,
        aheadBytes,
        underWayBytes);
  }

  TransferFigures minus(TransferFigures earlier) {
    return new TransferFigures(
        readBytes - earlier.readBytes,
        comparedBytes - earlier.comparedBytes,
        digestBytes - earlier.digestBytes,
        travelledBytes - earlier.travelledBytes,
        sentBytes - earlier.sentBytes,
        0,
        0);
  }

  /** Bytes of tags per byte that they compared; 0 while nothing was. */
  public double digestRatio() {
    return comparedBytes == 0 ? 0 : (double) digestBytes / comparedBytes;
  }
}
