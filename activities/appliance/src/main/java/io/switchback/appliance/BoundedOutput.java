package io.switchback.appliance;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first bytes that are written, and says whether there were more. */
final class BoundedOutput extends OutputStream {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int largestBytes;
  private boolean isCut;

  BoundedOutput(int largestBytes) {
    this.largestBytes = largestBytes;
  }

  @Override
  public synchronized void write(int oneByte) {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) {
    int room = Math.min(count, largestBytes - kept.size());
    kept.write(bytes, from, room);
    isCut |= room < count;
  }

  synchronized boolean isCut() {
    return isCut;
  }

  synchronized String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }
}
