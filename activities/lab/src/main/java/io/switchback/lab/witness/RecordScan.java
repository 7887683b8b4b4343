package io.switchback.lab.witness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The records on one disk.
 *
 * @param isGuests whether a guest has made the disk its own
 * @param boots of the writers of records 1, 2, …, as long as they are whole and numbered without
 *     gap
 * @param isTorn whether the slot after them holds something that is no whole record
 * @param laterRecord number of the first whole record after that slot, or -1
 */
record RecordScan(boolean isGuests, List<String> boots, boolean isTorn, long laterRecord) {
  private static final int RECORD = 512;
  private static final long RECORD_MAGIC = 0x53425245434f5244L; // "SBRECORD"
  private static final long HEADER_MAGIC = 0x5342475545535431L; // "SBGUEST1"

  RecordScan {
    boots = List.copyOf(boots);
  }

  /** Which record is missing before others that are there, in a sentence; empty when none is. */
  Optional<String> gap(String disk) {
    return laterRecord > 0
        ? Optional.of(
            "Record %d on disk '%s' is %s, though record %d is there."
                .formatted(boots.size() + 1, disk, isTorn ? "torn" : "missing", laterRecord))
        : Optional.empty();
  }

  static RecordScan of(DiskFiles disk) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(disk.grain(0));
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, 24);
    if (header.getLong(0) != HEADER_MAGIC || header.getLong(24) != crc.getValue()) {
      // A disk that no guest has ever booted from holds no record.
      return new RecordScan(false, List.of(), false, -1);
    }
    long start = header.getLong(8);
    long end = header.getLong(16);
    List<String> boots = new ArrayList<>();
    boolean isBroken = false;
    boolean isTorn = false;
    for (long grain = start / DiskFiles.GRAIN; grain * DiskFiles.GRAIN < end; grain++) {
      if (!disk.holds(grain)) {
        isBroken = true;
        continue;
      }
      byte[] bytes = disk.grain(grain);
      for (int at = 0; at < bytes.length; at += RECORD) {
        long slot = (grain * DiskFiles.GRAIN + at - start) / RECORD + 1;
        String boot = writer(bytes, at, slot);
        if (!isBroken && boot != null) {
          boots.add(boot);
        } else if (!isBroken) {
          isBroken = true;
          isTorn = !Arrays.equals(bytes, at, at + RECORD, new byte[RECORD], 0, RECORD);
        } else if (boot != null) {
          return new RecordScan(true, boots, isTorn, slot);
        }
      }
    }
    return new RecordScan(true, boots, isTorn, -1);
  }

  /** The boot that wrote the whole record of that number which lies here, or null. */
  private static @Nullable String writer(byte[] bytes, int at, long number) {
    ByteBuffer record = ByteBuffer.wrap(bytes, at, RECORD).slice();
    CRC32C crc = new CRC32C();
    crc.update(bytes, at, RECORD - 4);
    boolean isWhole =
        record.getLong(0) == RECORD_MAGIC
            && record.getLong(24) == number
            && record.getInt(RECORD - 4) == (int) crc.getValue();
    return isWhole ? new UUID(record.getLong(8), record.getLong(16)).toString() : null;
  }
}
