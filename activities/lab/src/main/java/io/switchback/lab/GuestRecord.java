package io.switchback.lab;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One numbered record of a guest: 512 bytes that name their writer's boot and carry their checksum.
 * The layout stands in FORMAT.md.
 */
record GuestRecord(UUID boot, long number, long timeMillis) {
  static final int BYTES = 512;
  private static final long MAGIC = 0x53425245434f5244L; // "SBRECORD"
  private static final int PAYLOAD = 40;
  private static final int CHECKSUM = BYTES - Integer.BYTES;

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(MAGIC);
    bytes.putLong(boot.getMostSignificantBits()).putLong(boot.getLeastSignificantBits());
    bytes.putLong(number).putLong(timeMillis);
    byte[] payload = new byte[CHECKSUM - PAYLOAD];
    new SplittableRandom(boot.getLeastSignificantBits() ^ number).nextBytes(payload);
    bytes.put(payload);
    bytes.putInt(checksum(bytes.array(), 0));
    return bytes.array();
  }

  /** Reads a whole record, or nothing when the bytes are torn or none. */
  static Optional<GuestRecord> parse(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
    if (buffer.getLong() != MAGIC
        || ByteBuffer.wrap(bytes).getInt(offset + CHECKSUM) != checksum(bytes, offset)) {
      return Optional.empty();
    }
    UUID boot = new UUID(buffer.getLong(), buffer.getLong());
    return Optional.of(new GuestRecord(boot, buffer.getLong(), buffer.getLong()));
  }

  static boolean isBlank(byte[] bytes, int offset) {
    return Arrays.equals(bytes, offset, offset + BYTES, new byte[BYTES], 0, BYTES);
  }

  private static int checksum(byte[] bytes, int offset) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, CHECKSUM);
    return (int) crc.getValue();
  }
}
