package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where the records lie on a guest's disk, as the first bytes of the disk say: record n at {@code
 * startBytes + (n-1)*512}, none beyond {@code endBytes}.
 */
record GuestArea(long startBytes, long endBytes) {
  static final int HEADER_BYTES = 32;
  private static final long MAGIC = 0x5342475545535431L; // "SBGUEST1"

  /** Leaves room at the end of the disk for an image. */
  static GuestArea of(DiskDefinition disk) {
    long image = (disk.imageBytes() + Layer.GRAIN - 1) / Layer.GRAIN * Layer.GRAIN;
    return new GuestArea(Layer.GRAIN, disk.capacityBytes() - image);
  }

  static Optional<GuestArea> parse(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, 24));
    if (header.getLong(0) != MAGIC || header.getLong(24) != crc.getValue()) {
      return Optional.empty();
    }
    return Optional.of(new GuestArea(header.getLong(8), header.getLong(16)));
  }

  byte[] toBytes() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(MAGIC).putLong(startBytes).putLong(endBytes);
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, 24));
    return header.putLong(crc.getValue()).array();
  }

  long offsetOf(long record) {
    return startBytes + (record - 1) * GuestRecord.BYTES;
  }

  long capacity() {
    return (endBytes - startBytes) / GuestRecord.BYTES;
  }

  /** The last record n such that records 1 to n are whole. */
  long lastWhole(GuestHost host, String disk) throws IOException {
    byte[] chunk = new byte[1 << 20];
    long whole = 0;
    while (whole < capacity()) {
      int records = (int) Math.min(chunk.length / GuestRecord.BYTES, capacity() - whole);
      host.read(disk, offsetOf(whole + 1), ByteBuffer.wrap(chunk, 0, records * GuestRecord.BYTES));
      for (int i = 0; i < records; i++) {
        Optional<GuestRecord> record = GuestRecord.parse(chunk, i * GuestRecord.BYTES);
        if (record.isEmpty() || record.get().number() != whole + 1) {
          return whole;
        }
        whole++;
      }
    }
    return whole;
  }
}
