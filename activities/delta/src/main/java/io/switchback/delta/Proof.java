package io.switchback.delta;

/**
 * What was compared, and the digest that both ends agreed on. What was sent is compared after the
 * sink has flushed.
 *
 * <p>The root is SHA-256 over supers in ascending order, each as its index (8 bytes, big-endian)
 * and the SHA-256 over its compared leaves in ascending order, each as its index (8 bytes,
 * big-endian) and the SHA-256 of its bytes.
 *
 * @param kind how much of the disk was compared
 * @param root 64 lower-case hexadecimal digits
 * @param comparedBytes bytes that were read at the sink
 */
public record Proof(Kind kind, String root, long comparedBytes) {
  public Proof {
    if (!root.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("A root is 64 hexadecimal digits, not '" + root + "'.");
    }
  }

  /** Named for what was compared, never for more. */
  public enum Kind {
    /** The leaves of the change list were compared; of the rest only an audited sample was. */
    LIST_ROOT,
    /** Every leaf of the disk was compared: before it was found equal, or after it was sent. */
    FULL_ROOT
  }
}
