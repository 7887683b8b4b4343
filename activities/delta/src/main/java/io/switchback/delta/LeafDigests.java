package io.switchback.delta;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** SHA-256 per leaf, as {@link DiskSink#leafDigests} answers it. For use beside the disk. */
public final class LeafDigests {
  private static final ByteBuffer ZERO_LEAF = ByteBuffer.allocateDirect(Geometry.LEAF_BYTES);
  private static final byte[] ZERO_LEAF_DIGEST = sha256().digest(new byte[Geometry.LEAF_BYTES]);
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
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(READ_BYTES).asByteBuffer();
      for (ByteRange range : ranges) {
        for (long at = range.offsetBytes(); at < range.endBytes(); at += READ_BYTES) {
          ByteRange part = ByteRange.between(at, Math.min(at + READ_BYTES, range.endBytes()));
          digestPart(disk, part, sha256, buffer, answer);
        }
      }
    }
    return answer.array();
  }

  private static void digestPart(
      DiskSource disk, ByteRange part, MessageDigest sha256, ByteBuffer buffer, ByteBuffer answer)
      throws IOException {
    int length = (int) part.lengthBytes();
    boolean isHole = disk.allocated(part).isEmpty();
    if (!isHole) {
      disk.read(part.offsetBytes(), buffer.clear().limit(length));
    }
    for (int at = 0; at < length; at += Geometry.LEAF_BYTES) {
      int leaf = Math.min(Geometry.LEAF_BYTES, length - at);
      answer.put(isHole ? ofZeros(sha256, leaf) : of(sha256, buffer.slice(at, leaf)));
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

  /**
   * The digest of one leaf in memory, which is read to its end. Zeros are seen much faster than
   * they are hashed.
   */
  static byte[] of(MessageDigest sha256, ByteBuffer leaf) {
    if (isZero(leaf)) {
      return ofZeros(sha256, leaf.remaining());
    }
    sha256.update(leaf);
    return sha256.digest();
  }

  /** The digest of {@code length} zeros, at most a leaf. */
  static byte[] ofZeros(MessageDigest sha256, int length) {
    if (length == Geometry.LEAF_BYTES) {
      return ZERO_LEAF_DIGEST;
    }
    sha256.update(ZERO_LEAF.slice(0, length));
    return sha256.digest();
  }

  /** Whether {@code leaf}, at most a leaf, holds nothing but zeros. */
  static boolean isZero(ByteBuffer leaf) {
    return leaf.mismatch(ZERO_LEAF.slice(0, leaf.remaining())) < 0;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
    }
  }
}
