package io.switchback.lab;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct buffers used again, because the first touch of fresh memory costs more than the copy into
 * it.
 */
final class BufferPool {
  private final int bufferBytes;
  private final int kept;
  private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();

  BufferPool(int bufferBytes, int kept) {
    this.bufferBytes = bufferBytes;
    this.kept = kept;
  }

  /** A cleared buffer with at least {@code length} bytes; small ones come from the heap. */
  ByteBuffer take(int length) {
    if (length <= bufferBytes / 16) {
      return ByteBuffer.allocate(length);
    }
    synchronized (this) {
      ByteBuffer buffer = idle.poll();
      return buffer == null ? ByteBuffer.allocateDirect(bufferBytes) : buffer.clear();
    }
  }

  synchronized void give(ByteBuffer buffer) {
    if (buffer.isDirect() && idle.size() < kept) {
      idle.push(buffer);
    }
  }
}
