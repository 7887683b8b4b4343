package io.switchback.delta.tag;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tags of one pass are made with. Nobody who writes to a disk may know it before the pass
 * has ended, or two contents of one tag could be made; afterwards it is recorded beside the root,
 * which can be made again with it.
 */
public final class TagKey {
  private static final int BYTES = 32;
  private static final Pattern TEXT = Pattern.compile("(poly1305|gmac):([0-9a-f]{64})");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TagAlgorithm algorithm;
  private final byte[] bytes;

  private TagKey(TagAlgorithm algorithm, byte[] bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  /** A new key, which nobody else knows. */
  public static TagKey random(TagAlgorithm algorithm) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new TagKey(algorithm, bytes);
  }

  /**
   * The key that {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is not one; the message does not repeat it
   */
  public static TagKey parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "A tag key is 'poly1305:' or 'gmac:' and 64 hexadecimal digits; this is none.");
    }
    return new TagKey(TagAlgorithm.named(parts.group(1)), HexFormat.of().parseHex(parts.group(2)));
  }

  public TagAlgorithm algorithm() {
    return algorithm;
  }

  /** The key itself, as {@code poly1305:} or {@code gmac:} and 64 hexadecimal digits. */
  public String text() {
    return algorithm.word() + ":" + HexFormat.of().formatHex(bytes);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TagKey key
        && key.algorithm == algorithm
        && Arrays.equals(key.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Names the algorithm only: while the pass runs, the key is a secret. */
  @Override
  public String toString() {
    return "TagKey[" + algorithm.word() + "]";
  }
}
