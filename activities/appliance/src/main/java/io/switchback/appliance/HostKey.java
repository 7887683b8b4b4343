package io.switchback.appliance;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The fingerprint of an appliance's host key, as {@code ssh-keygen -lf} prints it: {@code SHA256:}
 * and 43 characters. Where an appliance has several keys it is the Ed25519 one's, else the ECDSA
 * one's.
 */
public record HostKey(String fingerprint) {
  private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");

  public HostKey {
    fingerprint = fingerprint.strip();
    if (!FINGERPRINT.matcher(fingerprint).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no fingerprint of a host key: it must be 'SHA256:' and 43 characters, as `ssh-keygen -lf` prints it"
              .formatted(fingerprint));
    }
  }

  /** The fingerprint of {@code key} in the form of the protocol. */
  static HostKey of(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return new HostKey("SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256.", absent);
    }
  }

  @Override
  public String toString() {
    return fingerprint;
  }
}
