package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.tag.Tagger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The digest of some leaves of one super, in ascending order; see {@link Proof}. */
final class SuperDigest {
  private SuperDigest() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
    }
  }

  /** The digest from the tags of the leaves of {@code ranges}, one after the other. */
  static byte[] of(SuperRanges ranges, byte[] leafTags) {
    MessageDigest sha256 = sha256();
    ByteBuffer index = ByteBuffer.allocate(Long.BYTES);
    int from = 0;
    for (ByteRange range : ranges.ranges()) {
      for (long at = range.offsetBytes(); at < range.endBytes(); at += LEAF_BYTES) {
        sha256.update(index.putLong(0, at / LEAF_BYTES).array());
        sha256.update(leafTags, from, Tagger.TAG_BYTES);
        from += Tagger.TAG_BYTES;
      }
    }
    return sha256.digest();
  }

  /** The first leaf whose tags differ; the whole super when none does. */
  static ByteRange firstDifference(SuperRanges ranges, byte[] expected, byte[] found) {
    int from = 0;
    for (ByteRange range : ranges.ranges()) {
      for (long at = range.offsetBytes(); at < range.endBytes(); at += LEAF_BYTES) {
        int to = from + Tagger.TAG_BYTES;
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
