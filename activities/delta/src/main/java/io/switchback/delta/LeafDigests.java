package io.switchback.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/** SHA-256 per leaf, as {@link DiskSink#leafDigests} answers it. For use beside the disk. */
public final class LeafDigests {
  private static final byte[] ZERO_LEAF = new byte[Geometry.LEAF_BYTES];
  private static final byte[] ZERO_LEAF_DIGEST = sha256().digest(ZERO_LEAF);
  private static final int READ_BYTES = 256 * 1024;

  private LeafDigests() {}

  /**
   * Reads {@code ranges} from {@code disk} and answers the digest of each leaf. Holes are not read.
   */
  public static byte[] of(DiskSource disk, List<ByteRange> ranges) throws IOException {
    ranges.forEach(range -> checkOnLeaves(range, disk.capacityBytes()));
    ByteBuffer answer =
        ByteBuffer.allocate(
            Geometry.DIGEST_BYTES * ranges.stream().mapToInt(Geometry::leaves).sum());
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[READ_BYTES];
    for (ByteRange range : ranges) {
      for (long at = range.offsetBytes(); at < range.endBytes(); at += READ_BYTES) {
        ByteRange part = ByteRange.between(at, Math.min(at + READ_BYTES, range.endBytes()));
        digestPart(disk, part, sha256, buffer, answer);
      }
    }
    return answer.array();
  }

  private static void digestPart(
      DiskSource disk, ByteRange part, MessageDigest sha256, byte[] buffer, ByteBuffer answer)
      throws IOException {
    int length = (int) part.lengthBytes();
    if (disk.allocated(part).isEmpty()) {
      Arrays.fill(buffer, 0, length, (byte) 0);
    } else {
      disk.read(part.offsetBytes(), ByteBuffer.wrap(buffer, 0, length));
    }
    for (int at = 0; at < length; at += Geometry.LEAF_BYTES) {
      answer.put(digest(sha256, buffer, at, Math.min(Geometry.LEAF_BYTES, length - at)));
    }
  }

  static void checkOnLeaves(ByteRange range, long capacityBytes) {
    boolean endsWell =
        range.endBytes() % Geometry.LEAF_BYTES == 0 || range.endBytes() == capacityBytes;
    if (range.offsetBytes() % Geometry.LEAF_BYTES != 0
        || !endsWell
        || range.endBytes() > capacityBytes) {
      throw new IllegalArgumentException(
          "The range "
              + range
              + " does not begin and end on leaves inside a disk of "
              + capacityBytes
              + " bytes.");
    }
  }

  /** The digest of one leaf in memory. A leaf of zeros is seen much faster than it is hashed. */
  static byte[] digest(MessageDigest sha256, byte[] bytes, int from, int length) {
    if (length == Geometry.LEAF_BYTES && isZero(bytes, from, length)) {
      return ZERO_LEAF_DIGEST;
    }
    sha256.update(bytes, from, length);
    return sha256.digest();
  }

  static boolean isZero(byte[] bytes, int from, int length) {
    return Arrays.equals(bytes, from, from + length, ZERO_LEAF, 0, length);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
    }
  }
}
