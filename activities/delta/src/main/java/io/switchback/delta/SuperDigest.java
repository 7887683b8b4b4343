package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.tag.Tagger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

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

  /**
   * The same from the tags of all leaves of {@code whole}, which {@code ranges} are in.
   *
   * @param whole begins on a leaf
   */
  static byte[] ofSome(ByteRange whole, SuperRanges ranges, byte[] leafTags) {
    ByteBuffer some =
        ByteBuffer.allocate(
            ranges.ranges().stream().mapToInt(Geometry::leaves).sum() * Tagger.TAG_BYTES);
    for (ByteRange range : ranges.ranges()) {
      int from = (int) (range.offsetBytes() - whole.offsetBytes()) / LEAF_BYTES * Tagger.TAG_BYTES;
      some.put(leafTags, from, Geometry.leaves(range) * Tagger.TAG_BYTES);
    }
    return of(ranges, some.array());
  }

  /** As it is noted. */
  static String text(byte[] digest) {
    return HexFormat.of().formatHex(digest);
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
