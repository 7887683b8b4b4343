package io.switchback.delta.undo;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DocumentedTags;
import io.switchback.delta.Geometry;
import io.switchback.delta.Proof;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** Proofs of small disks as {@link Proof} defines them, with nothing of the product's code. */
final class Roots {
  // Faster than the other algorithm where the processor has no wide vectors.
  private static final TagKey KEY = TagKey.parse("gmac:" + "7e".repeat(32));

  private Roots() {}

  static Proof of(byte[] disk) {
    try {
      MessageDigest root = MessageDigest.getInstance("SHA-256");
      for (int start = 0; start < disk.length; start += Geometry.SUPER_BYTES) {
        ByteRange whole =
            ByteRange.between(start, Math.min(start + Geometry.SUPER_BYTES, disk.length));
        root.update(ByteBuffer.allocate(8).putLong(start / Geometry.SUPER_BYTES).array());
        root.update(DocumentedTags.of(KEY, TagLevel.SUPER, disk, List.of(whole)));
      }
      String digits = HexFormat.of().formatHex(root.digest());
      return new Proof(Proof.Kind.FULL_ROOT, KEY, digits, disk.length);
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
