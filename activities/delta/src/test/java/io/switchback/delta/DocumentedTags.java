package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tags as the documentation defines them, with nothing of the product's code but the key's text.
 */
public final class DocumentedTags {
  public static final TagKey POLY1305 = TagKey.parse("poly1305:" + "5a".repeat(32));
  static final TagKey GMAC = TagKey.parse("gmac:" + "c3".repeat(32));

  private DocumentedTags() {}

  public static byte[] of(TagKey key, TagLevel level, byte[] disk, List<ByteRange> ranges)
      throws Exception {
    ByteArrayOutputStream tags = new ByteArrayOutputStream();
    for (ByteRange range : ranges) {
      int unit = level.unitBytes();
      for (long at = range.offsetBytes(); at < range.endBytes(); at += unit) {
        int end = (int) Math.min(at + unit, range.endBytes());
        tags.writeBytes(unit(key, level, disk, (int) at, end));
      }
    }
    return tags.toByteArray();
  }

  private static byte[] unit(TagKey key, TagLevel level, byte[] disk, int from, int end)
      throws Exception {
    byte[] below = Arrays.copyOfRange(disk, from, end);
    if (level != TagLevel.LEAF) {
      TagLevel child = level == TagLevel.SUPER ? TagLevel.SEGMENT : TagLevel.LEAF;
      below = of(key, child, disk, List.of(ByteRange.between(from, end)));
    }
    if (Arrays.equals(below, new byte[below.length])) {
      return new byte[16];
    }
    byte[] nonce =
        ByteBuffer.allocate(12)
            .putInt(List.of(TagLevel.LEAF, TagLevel.SEGMENT, TagLevel.SUPER).indexOf(level))
            .putLong(from / level.unitBytes())
            .array();
    byte[] secret = HexFormat.of().parseHex(key.text().substring(key.text().indexOf(':') + 1));
    Cipher cipher;
    if (key.algorithm() == TagAlgorithm.GMAC) {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(128, nonce));
    } else {
      cipher = Cipher.getInstance("ChaCha20-Poly1305");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(secret, "ChaCha20"), new IvParameterSpec(nonce));
    }
    cipher.updateAAD(below);
    return cipher.doFinal();
  }

  /** The tag of one leaf among those of leaves that follow each other. */
  static byte[] leaf(byte[] tags, int index) {
    return Arrays.copyOfRange(tags, index * 16, (index + 1) * 16);
  }

  /** Ranges that are not leaves of a disk of {@code capacityBytes}. */
  static List<ByteRange> notLeaves(int capacityBytes) {
    return List.of(
        new ByteRange(1, LEAF_BYTES - 1),
        new ByteRange(0, LEAF_BYTES - 1),
        new ByteRange(0, capacityBytes + 1),
        new ByteRange((capacityBytes / LEAF_BYTES + 2L) * LEAF_BYTES, LEAF_BYTES));
  }
}
