package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Bytes that tests write and compare. The same seed gives the same bytes, and none of them is zero.
 */
public final class TestBytes {
  private TestBytes() {}

  /** {@code length} bytes that depend on {@code seed}. */
  public static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      bytes[i] = bytes[i] == 0 ? 1 : bytes[i];
    }
    return bytes;
  }

  /** {@code length} bytes of {@code value}. */
  public static byte[] filled(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /**
   * Reads into a buffer that held something else before, so that a source which skips bytes is
   * seen.
   */
  public static byte[] read(DiskSource disk, long offsetBytes, int length) throws IOException {
    byte[] bytes = filled(0x5a, length);
    disk.read(offsetBytes, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** The whole of a small disk. */
  public static byte[] readAll(DiskSource disk) throws IOException {
    return read(disk, 0, Math.toIntExact(disk.capacityBytes()));
  }

  /**
   * Fails with the first place that differs. AssertJ looks at each byte as an object, which takes
   * seconds.
   */
  public static void assertSameBytes(byte[] actual, byte[] expected) {
    assertThat(Arrays.mismatch(actual, expected)).as("first byte that differs").isEqualTo(-1);
  }
}
