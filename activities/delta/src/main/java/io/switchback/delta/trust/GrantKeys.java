package io.switchback.delta.trust;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/** Ed25519 keys for grants, as PEM text: PKCS #8 the private one, X.509 the public one. */
public final class GrantKeys {
  private static final String ALGORITHM = "Ed25519";
  private static final int LARGEST_TEXT = 4096;

  private GrantKeys() {}

  /** Makes a new pair. */
  public static KeyPair make() {
    try {
      return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK from 15 on has Ed25519.", absent);
    }
  }

  public static String pem(PrivateKey key) {
    return Pem.text(Pem.PRIVATE_KEY, key.getEncoded());
  }

  public static String pem(PublicKey key) {
    return Pem.text(Pem.PUBLIC_KEY, key.getEncoded());
  }

  /**
   * Reads a private key.
   *
   * @throws IllegalArgumentException when it is none; the text is not repeated in it
   */
  public static PrivateKey privateKey(String pem) {
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(content(pem, Pem.PRIVATE_KEY)));
      if (key instanceof EdECPrivateKey private_ && is25519(private_.getParams())) {
        return key;
      }
    } catch (GeneralSecurityException none) {
      // Told below, without the text.
    }
    throw new IllegalArgumentException(
        "it is no Ed25519 private key in PEM; `switchback ca grant-key` makes one");
  }

  /**
   * Reads a public key.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static PublicKey publicKey(String pem) {
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(content(pem, Pem.PUBLIC_KEY)));
      if (key instanceof EdECPublicKey public_ && is25519(public_.getParams())) {
        return key;
      }
    } catch (GeneralSecurityException none) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "it is no Ed25519 public key in PEM; `switchback ca grant-key` makes one");
  }

  /**
   * Reads the public key of the control side and, while it changes, its successor below it.
   *
   * @throws IllegalArgumentException when there are not one or two
   */
  public static List<PublicKey> publicKeys(String pem) {
    if (pem.length() > 4 * LARGEST_TEXT) {
      throw new IllegalArgumentException("it is longer than two keys");
    }
    try {
      List<byte[]> blocks = Pem.blocks(pem, Pem.PUBLIC_KEY);
      if (blocks.isEmpty() || blocks.size() > 2) {
        throw new IllegalArgumentException(
            "it must hold one public key in PEM, or two while they change, not " + blocks.size());
      }
      return blocks.stream().map(block -> publicKey(Pem.text(Pem.PUBLIC_KEY, block))).toList();
    } catch (GeneralSecurityException damaged) {
      throw new IllegalArgumentException(String.valueOf(damaged.getMessage()), damaged);
    }
  }

  /** The first 16 hexadecimal digits of SHA-256 over the public key, by which people compare. */
  public static String fingerprint(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256.", absent);
    }
  }

  private static boolean is25519(NamedParameterSpec spec) {
    return spec.getName().equals(NamedParameterSpec.ED25519.getName());
  }

  private static byte[] content(String pem, String label) throws GeneralSecurityException {
    if (pem.length() > LARGEST_TEXT) {
      throw new GeneralSecurityException("it is longer than any key");
    }
    return Pem.block(pem, label);
  }
}
