package io.switchback.delta.undo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first sector of a frame: which leaf's bytes follow, and what they sum up to.
 *
 * @param leaf index of the leaf
 * @param length bytes that follow; 0 for a leaf that was nothing but zeros
 * @param contentCrc CRC32C of those bytes
 * @param syncedBytes how much of the log was durable when the frame was appended: what lies before
 *     that and cannot be read was damaged, not torn
 * @param sha256 of those bytes
 */
record Frame(long leaf, int length, int contentCrc, long syncedBytes, ByteBuffer sha256) {
  static final int SECTOR_BYTES = 512;

  private static final int MAGIC = 0x53776246; // SwbF
  private static final int RAW = 0;
  private static final int ZEROS = 1;
  private static final int CHECKED_BYTES = 64;

  static Frame of(long leaf, ByteBuffer content, long syncedBytes) {
    return new Frame(leaf, content.remaining(), crc(content), syncedBytes, digest(content));
  }

  static Frame ofZeros(long leaf, long syncedBytes) {
    return of(leaf, ByteBuffer.allocate(0), syncedBytes);
  }

  boolean isZeros() {
    return length == 0;
  }

  /** Bytes of the log that the frame takes, with its content, in whole sectors. */
  long sizeBytes() {
    return SECTOR_BYTES + Math.ceilDiv(length, SECTOR_BYTES) * (long) SECTOR_BYTES;
  }

  /** Fills one sector of {@code into}. */
  void put(ByteBuffer into) {
    ByteBuffer sector = into.slice(into.position(), SECTOR_BYTES);
    sector.putInt(MAGIC).putInt(isZeros() ? ZEROS : RAW).putLong(leaf);
    sector.putInt(length).putInt(contentCrc).putLong(syncedBytes).put(sha256.duplicate());
    sector.putInt(crc(sector.slice(0, CHECKED_BYTES)));
    while (sector.hasRemaining()) {
      sector.put((byte) 0);
    }
    into.position(into.position() + SECTOR_BYTES);
  }

  /** The frame that begins with {@code sector}, if one does. */
  static Optional<Frame> read(ByteBuffer sector) {
    ByteBuffer in = sector.slice(sector.position(), SECTOR_BYTES);
    if (in.getInt(0) != MAGIC || in.getInt(CHECKED_BYTES) != crc(in.slice(0, CHECKED_BYTES))) {
      return Optional.empty();
    }
    byte[] sha256 = new byte[32];
    in.get(32, sha256);
    return Optional.of(
        new Frame(
            in.getLong(8), in.getInt(16), in.getInt(20), in.getLong(24), ByteBuffer.wrap(sha256)));
  }

  boolean holds(ByteBuffer content) {
    return content.remaining() == length && crc(content) == contentCrc;
  }

  boolean provenBy(ByteBuffer content) {
    return sha256.equals(digest(content));
  }

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  private static ByteBuffer digest(ByteBuffer bytes) {
    MessageDigest sha256 = hasher();
    sha256.update(bytes.duplicate());
    return ByteBuffer.wrap(sha256.digest());
  }

  static MessageDigest hasher() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
    }
  }
}
