package io.switchback.delta;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays to read disks into, of the heap because only there the JDK tags fast. They are kept
 * between two uses: to make one for every super would cost as much as to tag it.
 */
final class ReadArrays {
  /** What is tagged next is in the processor's cache still. */
  static final int BYTES = 1024 * 1024;

  private static final Queue<byte[]> KEPT =
      new ArrayBlockingQueue<>(4 * Runtime.getRuntime().availableProcessors());

  private ReadArrays() {}

  /** An array of {@link #BYTES}, for the caller alone until it is given back. */
  static byte[] take() {
    byte[] kept = KEPT.poll();
    return kept == null ? new byte[BYTES] : kept;
  }

  /** Nobody reads it any more. When enough are kept it is garbage. */
  static void giveBack(byte[] array) {
    boolean _ = KEPT.offer(array);
  }
}
