package io.switchback.delta;

/**
 * A super in which a comparison found leaves that differ.
 *
 * @param differing those leaves
 * @param digest of the source's tags of them, as {@link SuperDigest} makes it, in hexadecimal
 *     digits: what is copied later has to be that
 */
record DifferingSuper(SuperRanges differing, String digest) {

  /**
   * @param whole the super
   * @param leafTags the source's, of all of its leaves
   */
  static DifferingSuper of(ByteRange whole, SuperRanges differing, byte[] leafTags) {
    return new DifferingSuper(
        differing, SuperDigest.text(SuperDigest.ofSome(whole, differing, leafTags)));
  }
}
