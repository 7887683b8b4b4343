package io.switchback.delta.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes frames to a stream, each as a whole. May be used by several threads at once. */
final class FrameWriter {
  /** Holds the head and a leaf that does not pack. */
  private static final int TOGETHER_BYTES = 68 * 1024;

  private final OutputStream out;
  private final WireCounts counts;
  private final byte[] together = new byte[TOGETHER_BYTES];

  FrameWriter(OutputStream out, WireCounts counts) {
    this.out = out;
    this.counts = counts;
  }

  void write(FrameKind kind, int id, byte[] payload) throws IOException {
    write(kind, id, payload, payload.length);
  }

  /**
   * @param payload whose first {@code length} bytes go
   */
  void write(FrameKind kind, int id, byte[] payload, int length) throws IOException {
    ByteBuffer head =
        ByteBuffer.allocate(FrameReader.HEAD_BYTES)
            .put(kind.number())
            .put((byte) 0)
            .putInt(id)
            .putInt(length);
    head.putInt(FrameReader.checksum(head.array(), payload, length));
    // Before it goes: whoever has read an answer finds it counted at the other end.
    counts.sent(kind, FrameReader.HEAD_BYTES + length);
    synchronized (this) {
      if (FrameReader.HEAD_BYTES + length <= TOGETHER_BYTES) {
        // In one piece: a head that goes alone wakes the other end twice.
        System.arraycopy(head.array(), 0, together, 0, FrameReader.HEAD_BYTES);
        System.arraycopy(payload, 0, together, FrameReader.HEAD_BYTES, length);
        out.write(together, 0, FrameReader.HEAD_BYTES + length);
      } else {
        out.write(head.array());
        out.write(payload, 0, length);
      }
      out.flush();
    }
  }
}
