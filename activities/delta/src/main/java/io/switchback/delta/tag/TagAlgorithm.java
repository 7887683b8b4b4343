package io.switchback.delta.tag;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
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
   * The one that is faster here, which is tried out once, at the first call: in 300 ms each at
   * most, and Poly1305 longer where the processor says that it will be fast.
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
    // The compiler needs most of it, and a choice made before would be a guess.
    private static final long TRIAL_NANOS = 300_000_000;

    /** On a busy machine the compiler comes late, and a quarter of the speed would be lost. */
    private static final long PROMISING_TRIAL_NANOS = 5_000_000_000L;

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    /** Poly1305 is either well above it or far below. */
    private static final double GOOD_BYTES_PER_NANO = 4;

    static final TagAlgorithm HERE = find();

    private static TagAlgorithm find() {
      double poly1305 = bytesPerNano(POLY1305, isPromising() ? PROMISING_TRIAL_NANOS : TRIAL_NANOS);
      return poly1305 >= GOOD_BYTES_PER_NANO || poly1305 >= bytesPerNano(GMAC, TRIAL_NANOS)
          ? POLY1305
          : GMAC;
    }

    /** Whether the processor multiplies 52-bit integers, where it can be asked. */
    private static boolean isPromising() {
      try (Stream<String> lines = Files.lines(PROCESSOR, StandardCharsets.ISO_8859_1)) {
        return lines
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .filter(flags -> flags.contains(" avx512ifma"))
            .isPresent();
      } catch (IOException | UncheckedIOException elsewhere) {
        return false;
      }
    }

    /**
     * The best speed that was seen. Many short calls come first: the compiler looks at the number
     * of calls, and would leave the code as it is for the first gigabytes of whole leaves.
     */
    private static double bytesPerNano(TagAlgorithm algorithm, long trialNanos) {
      Tagger tagger = new Tagger(TagKey.random(algorithm));
      byte[] leaf = new byte[TagLevel.LEAF.unitBytes()];
      Arrays.fill(leaf, (byte) 1);
      ByteBuffer answer = ByteBuffer.allocate(Tagger.TAG_BYTES);
      long end = System.nanoTime() + trialNanos;
      double best = 0;
      long index = 0;
      while (best < GOOD_BYTES_PER_NANO && System.nanoTime() < end) {
        for (int call = 0; call < 2000; call++) {
          tagger.leaf(index++, leaf, 0, 64, answer.clear());
        }
        for (int call = 0; call < 4; call++) {
          long start = System.nanoTime();
          tagger.leaf(index++, leaf, 0, leaf.length, answer.clear());
          best = Math.max(best, (double) leaf.length / (System.nanoTime() - start));
        }
      }
      return best;
    }
  }
}
