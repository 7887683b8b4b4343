package io.switchback.delta.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads frames from a stream. For use by one thread. */
final class FrameReader {
  static final int HEAD_BYTES = 14;
  private static final int CHECKED_HEAD_BYTES = 10;
  private static final int AT_ONCE_BYTES = 1024 * 1024;

  private final DataInputStream in;
  private final WireCounts counts;

  FrameReader(InputStream in, WireCounts counts) {
    this.in = new DataInputStream(in);
    this.counts = counts;
  }

  /** How long the payload of a frame may be, asked before anything is allocated for it. */
  interface Limit {
    /**
     * @throws ProtocolException if there is no reason for such a frame now
     */
    int bytes(FrameKind kind, int id) throws ProtocolException;
  }

  /** The next frame; nothing when the stream ends between two frames. */
  Optional<Frame> next(Limit limit) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    head.put((byte) first);
    in.readFully(head.array(), 1, HEAD_BYTES - 1);
    head.clear();
    FrameKind kind = FrameKind.numbered(head.get());
    if (head.get() != 0) {
      throw new ProtocolException("a frame carries flags, and there are none");
    }
    int id = head.getInt();
    int length = head.getInt();
    int most = limit.bytes(kind, id);
    if (length < 0 || length > most) {
      throw new ProtocolException(
          "a frame of kind %s has %d bytes, more than %d"
              .formatted(kind, Integer.toUnsignedLong(length), most));
    }
    byte[] payload = payload(length);
    if (checksum(head.array(), payload, length) != head.getInt()) {
      throw new ProtocolException("the checksum of a frame is wrong");
    }
    counts.received(kind, HEAD_BYTES + length);
    return Optional.of(new Frame(kind, id, payload));
  }

  private byte[] payload(int length) throws IOException {
    if (length <= AT_ONCE_BYTES) {
      byte[] payload = new byte[length];
      try {
        in.readFully(payload);
      } catch (EOFException ended) {
        throw within();
      }
      return payload;
    }
    // What is announced need not come: memory is taken as it does.
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw within();
    }
    return payload;
  }

  private static EOFException within() {
    return new EOFException("The stream ended within a frame.");
  }

  static int checksum(byte[] head, byte[] payload, int length) {
    CRC32C crc = new CRC32C();
    crc.update(head, 0, CHECKED_HEAD_BYTES);
    crc.update(payload, 0, length);
    return (int) crc.getValue();
  }
}
