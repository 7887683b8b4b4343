package io.switchback.delta.undo;

import io.switchback.delta.Geometry;
import io.switchback.delta.state.Folder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Finds the frames of a log without its index, up to where a crash has torn it. Says so when more
 * is missing than a crash can take.
 */
final class LogScan {
  private final String name;
  private final Folder.Log file;
  private final LogHeader header;
  private final long sizeBytes;
  private final ByteBuffer sector = ByteBuffer.allocate(Frame.SECTOR_BYTES);
  private final ByteBuffer content = ByteBuffer.allocate(Geometry.LEAF_BYTES);

  LogScan(String name, Folder.Log file, LogHeader header) throws IOException {
    this.name = name;
    this.file = file;
    this.header = header;
    this.sizeBytes = file.sizeBytes();
  }

  /**
   * Fills {@code leaves}.
   *
   * @return where the good frames end
   * @throws DamagedUndoLogException if a frame is unreadable that was durable once
   */
  long fill(LeafMap leaves) throws IOException {
    long at = LogHeader.BYTES;
    for (Optional<Frame> next = frameAt(at); next.isPresent(); next = frameAt(at)) {
      Frame frame = next.get();
      if (!isWhole(frame, at)) {
        break;
      }
      leaves.add(frame.leaf(), Math.toIntExact(at / Frame.SECTOR_BYTES), frame.isZeros());
      at += frame.sizeBytes();
    }
    checkTorn(at);
    return at;
  }

  /** Fails when some frame after {@code fromBytes} knows that what lies there was durable. */
  void checkTorn(long fromBytes) throws IOException {
    long start = Math.max(fromBytes, LogHeader.BYTES);
    for (long at = start; at <= sizeBytes - Frame.SECTOR_BYTES; at += Frame.SECTOR_BYTES) {
      Optional<Frame> frame = frameAt(at);
      if (frame.isPresent() && frame.get().syncedBytes() > fromBytes) {
        throw new DamagedUndoLogException(name, "the bytes at " + fromBytes + " are damaged");
      }
    }
  }

  private Optional<Frame> frameAt(long at) throws IOException {
    if (at > sizeBytes - Frame.SECTOR_BYTES) {
      return Optional.empty();
    }
    file.read(at, sector.clear());
    return Frame.read(sector.flip());
  }

  private boolean isWhole(Frame frame, long at) throws IOException {
    long start = frame.leaf() * Geometry.LEAF_BYTES;
    if (frame.leaf() < 0
        || start >= header.capacityBytes()
        || frame.length() < 0
        || frame.length() > Math.min(Geometry.LEAF_BYTES, header.capacityBytes() - start)
        || at + frame.sizeBytes() > sizeBytes) {
      return false;
    }
    file.read(at + Frame.SECTOR_BYTES, content.clear().limit(frame.length()));
    return frame.holds(content.flip());
  }
}
