package io.switchback.delta.trust;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** Signs grants at the control side. Safe for use by several threads; never prints its key. */
public final class GrantSigner {
  private final PrivateKey key;

  public GrantSigner(PrivateKey key) {
    this.key = key;
  }

  /**
   * With the key that {@code pem} holds.
   *
   * @throws IllegalArgumentException when it holds none
   */
  public static GrantSigner of(String pem) {
    return new GrantSigner(GrantKeys.privateKey(pem));
  }

  /** The bytes that the holder presents. The same grant gives the same bytes. */
  public byte[] sign(Grant grant) {
    byte[] encoded = GrantCodec.encode(grant);
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(GrantCodec.signed(encoded));
      byte[] signed = signature.sign();
      return ByteBuffer.allocate(encoded.length + signed.length).put(encoded).put(signed).array();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("An Ed25519 key signs.", impossible);
    }
  }
}
