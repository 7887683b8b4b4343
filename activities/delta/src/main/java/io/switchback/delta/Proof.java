package io.switchback.delta;

import io.switchback.delta.tag.TagKey;

/**
 * What was compared, and the root that both ends agreed on. What was sent is compared after the
 * sink has flushed.
 *
 * <p>The root is SHA-256 over supers in ascending order, each as its index (8 bytes, big-endian)
 * and what was compared of it. On a {@link Kind#FULL_ROOT} that is the super's tag (16 bytes), as
 * {@link io.switchback.delta.tag.Tagger} makes it. On a {@link Kind#LIST_ROOT} and a {@link
 * Kind#STORED_ROOT} it is the SHA-256 over its compared leaves in ascending order, each as its
 * index (8 bytes, big-endian) and its tag.
 *
 * <p>Every pass has a key of its own, so two passes over the same bytes have different roots. With
 * the recorded key and the same bytes, anybody makes the same root again.
 *
 * @param kind how much of the disk was compared
 * @param key of the tags; a secret until the pass has ended, and recorded from then on
 * @param root 64 lower-case hexadecimal digits
 * @param comparedBytes bytes of the disk that are known to be equal at both ends
 */
public record Proof(Kind kind, TagKey key, String root, long comparedBytes) {
  public Proof {
    if (!root.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("A root is 64 hexadecimal digits, not '" + root + "'.");
    }
  }

  /** Named for what was compared, never for more. */
  public enum Kind {
    /** The leaves of the change list were compared; of the rest only an audited sample was. */
    LIST_ROOT,
    /**
     * The leaves that differed from what was stored of the sink were compared. Of the rest the
     * source was compared with what the sink had stored, under a key that is shown to nobody, and
     * only an audited sample with what the sink holds.
     */
    STORED_ROOT,
    /** Every leaf of the disk was compared: before it was found equal, or after it was sent. */
    FULL_ROOT
  }
}
