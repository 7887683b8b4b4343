package io.switchback.delta.tag;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * Makes the tags of one key. For use by one thread.
 *
 * <p>A tag is the authentication tag of the algorithm over an empty message, with the bytes as
 * additional data and the nonce <i>level (4 bytes), index of the unit on the disk (8 bytes)</i>,
 * both big-endian. What holds nothing but zeros has the tag of 16 zero bytes on every level: a hole
 * is known without reading it.
 *
 * <p>To whoever does not know the key, a changed unit keeps its tag with a probability of at most
 * 2^-91 (Poly1305) or 2^-116 (GMAC), whatever was written. That one nonce tags both ends' bytes is
 * no weakness here: nobody sees the tags but the two ends.
 */
public final class Tagger {
  public static final int TAG_BYTES = 16;

  private static final byte[] ZERO_LEAF = new byte[TagLevel.LEAF.unitBytes()];
  private static final byte[] ZERO_TAG = new byte[TAG_BYTES];
  private static final int NO_LEVEL = -1;

  private final TagAlgorithm algorithm;
  private final Cipher cipher;
  private final SecretKey key;
  private int lastLevel = NO_LEVEL;
  private long lastIndex;

  public Tagger(TagKey key) {
    this.algorithm = key.algorithm();
    this.cipher = algorithm.cipher();
    this.key = algorithm.key(key.bytes());
  }

  /**
   * Appends the tag of a leaf to {@code answer}.
   *
   * @param bytes holds the leaf at {@code from}; an array, because outside the heap the JDK tags a
   *     twentieth as fast
   * @param length at most a leaf
   */
  public void leaf(long index, byte[] bytes, int from, int length, ByteBuffer answer) {
    if (isZero(bytes, from, length)) {
      answer.put(ZERO_TAG);
    } else {
      answer.put(tag(TagLevel.LEAF, index, bytes, from, length));
    }
  }

  /** Whether {@code length} bytes from {@code from} on, at most a leaf, are zeros. */
  public static boolean isZero(byte[] bytes, int from, int length) {
    return Arrays.mismatch(bytes, from, from + length, ZERO_LEAF, 0, length) < 0;
  }

  /** Appends the tags of {@code count} leaves that hold nothing but zeros. */
  public static void zeroLeaves(int count, ByteBuffer answer) {
    for (int leaf = 0; leaf < count; leaf++) {
      answer.put(ZERO_TAG);
    }
  }

  /**
   * The tags of {@code level} over leaves that follow each other.
   *
   * @param firstByte where the first leaf starts on the disk: on a unit of the level
   */
  public byte[] up(TagLevel level, long firstByte, byte[] leafTags) {
    return up(TagLevel.LEAF, level, firstByte, leafTags);
  }

  /**
   * The tags of {@code level} over units of a lower one that follow each other.
   *
   * @param firstByte where the first of them starts on the disk: on a unit of {@code level}
   */
  public byte[] up(TagLevel from, TagLevel level, long firstByte, byte[] lower) {
    byte[] tags = lower;
    for (TagLevel at = from; at != level; ) {
      TagLevel above = TagLevel.numbered(at.number() + 1);
      tags = above(above, firstByte / above.unitBytes(), tags, above.unitBytes() / at.unitBytes());
      at = above;
    }
    return tags;
  }

  private byte[] above(TagLevel level, long firstIndex, byte[] below, int fanOut) {
    int children = fanOut * TAG_BYTES;
    int count = (below.length + children - 1) / children;
    ByteBuffer tags = ByteBuffer.allocate(count * TAG_BYTES);
    for (int at = 0; at < count; at++) {
      int from = at * children;
      int to = Math.min(from + children, below.length);
      boolean isZero = Arrays.mismatch(below, from, to, ZERO_LEAF, 0, to - from) < 0;
      tags.put(isZero ? ZERO_TAG : tag(level, firstIndex + at, below, from, to - from));
    }
    return tags.array();
  }

  private byte[] tag(TagLevel level, long index, byte[] bytes, int from, int length) {
    try {
      if (level.number() == lastLevel && index == lastIndex) {
        // The JDK refuses a nonce twice in a row, which is right for secrets and pointless here.
        begin(NO_LEVEL, 0);
      }
      begin(level.number(), index);
      cipher.updateAAD(bytes, from, length);
      return cipher.doFinal();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("A tag cannot fail.", impossible);
    }
  }

  private void begin(int level, long index) throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(12).putInt(level).putLong(index).array();
    cipher.init(Cipher.ENCRYPT_MODE, key, algorithm.parameters(nonce));
    lastLevel = level;
    lastIndex = index;
  }
}
