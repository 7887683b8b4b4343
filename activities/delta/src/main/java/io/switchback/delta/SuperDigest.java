package io.switchback.delta;

import static io.switchback.delta.Geometry.DIGEST_BYTES;
import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.CopyPlan.SuperRanges;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** The digest of one super, taken leaf by leaf in ascending order; see {@link Proof}. */
final class SuperDigest {
  private final MessageDigest sha256 = LeafDigests.sha256();
  private final ByteBuffer index = ByteBuffer.allocate(Long.BYTES);

  void add(long leafOffsetBytes, byte[] digests, int from) {
    sha256.update(index.putLong(0, leafOffsetBytes / LEAF_BYTES).array());
    sha256.update(digests, from, DIGEST_BYTES);
  }

  byte[] get() {
    return sha256.digest();
  }

  /** The digest of a super from the digests of its leaves, one after the other. */
  static byte[] of(SuperRanges ranges, byte[] leafDigests) {
    SuperDigest digest = new SuperDigest();
    int from = 0;
    for (ByteRange range : ranges.ranges()) {
      for (long at = range.offsetBytes(); at < range.endBytes(); at += LEAF_BYTES) {
        digest.add(at, leafDigests, from);
        from += DIGEST_BYTES;
      }
    }
    return digest.get();
  }

  /** The first leaf whose digests differ; the whole super when none does. */
  static ByteRange firstDifference(SuperRanges ranges, byte[] expected, byte[] found) {
    int from = 0;
    for (ByteRange range : ranges.ranges()) {
      for (long at = range.offsetBytes(); at < range.endBytes(); at += LEAF_BYTES) {
        int to = from + DIGEST_BYTES;
        if (!Arrays.equals(expected, from, to, found, from, to)) {
          return ByteRange.between(at, Math.min(at + LEAF_BYTES, range.endBytes()));
        }
        from = to;
      }
    }
    return ByteRange.between(
        ranges.ranges().getFirst().offsetBytes(), ranges.ranges().getLast().endBytes());
  }
}
