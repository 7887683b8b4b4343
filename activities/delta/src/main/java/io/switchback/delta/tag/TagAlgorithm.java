package io.switchback.delta.tag;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two ways to make a tag that the JDK does at the speed of memory: the authentication of an
 * empty message whose additional data are the bytes to tag.
 *
 * <p>Which one is faster depends on the processor: Poly1305 reaches some 20 GB/s per core where it
 * can multiply 52-bit integers in wide registers, and a twentieth of that elsewhere, where GMAC
 * still makes 6.
 */
public enum TagAlgorithm {
  POLY1305("ChaCha20-Poly1305", "ChaCha20"),
  GMAC("AES/GCM/NoPadding", "AES");

  private final String transformation;
  private final String keyAlgorithm;

  TagAlgorithm(String transformation, String keyAlgorithm) {
    this.transformation = transformation;
    this.keyAlgorithm = keyAlgorithm;
  }

  /**
   * The one that is faster here, which is tried out once, at the first call, in up to 300 ms each.
   */
  public static TagAlgorithm fastest() {
    return Fastest.HERE;
  }

  /** The one that is good for both of two ends: Poly1305 is much slower where it is not fast. */
  public TagAlgorithm with(TagAlgorithm other) {
    return this == POLY1305 && other == POLY1305 ? POLY1305 : GMAC;
  }

  static TagAlgorithm named(String word) {
    return TagAlgorithm.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** As it is written in keys and on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Cipher cipher() {
    try {
      return Cipher.getInstance(transformation);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This JDK has no " + transformation + ".", impossible);
    }
  }

  SecretKey key(byte[] bytes) {
    return new SecretKeySpec(bytes, keyAlgorithm);
  }

  AlgorithmParameterSpec parameters(byte[] nonce) {
    return this == POLY1305 ? new IvParameterSpec(nonce) : new GCMParameterSpec(128, nonce);
  }

  /** Apart, so that nobody waits for the trial who does not need it. */
  private static final class Fastest {
    // The compiler needs most of it on a busy machine, and a choice made before would be a guess.
    private static final long TRIAL_NANOS = 300_000_000;

    /** Poly1305 is either well above it or far below. */
    private static final double GOOD_BYTES_PER_NANO = 4;

    static final TagAlgorithm HERE = find();

    private static TagAlgorithm find() {
      double poly1305 = bytesPerNano(POLY1305);
      return poly1305 >= GOOD_BYTES_PER_NANO || poly1305 >= bytesPerNano(GMAC) ? POLY1305 : GMAC;
    }

    /**
     * The best speed that was seen. Many short calls come first: the compiler looks at the number
     * of calls, and would leave the code as it is for the first gigabytes of whole leaves.
     */
    private static double bytesPerNano(TagAlgorithm algorithm) {
      Tagger tagger = new Tagger(TagKey.random(algorithm));
      byte[] leaf = new byte[TagLevel.LEAF.unitBytes()];
      Arrays.fill(leaf, (byte) 1);
      ByteBuffer answer = ByteBuffer.allocate(Tagger.TAG_BYTES);
      long end = System.nanoTime() + TRIAL_NANOS;
      double best = 0;
      long index = 0;
      while (best < GOOD_BYTES_PER_NANO && System.nanoTime() < end) {
        for (int call = 0; call < 2000; call++) {
          tagger.leaf(index++, leaf, 64, answer.clear());
        }
        for (int call = 0; call < 4; call++) {
          long start = System.nanoTime();
          tagger.leaf(index++, leaf, leaf.length, answer.clear());
          best = Math.max(best, (double) leaf.length / (System.nanoTime() - start));
        }
      }
      return best;
    }
  }
}
