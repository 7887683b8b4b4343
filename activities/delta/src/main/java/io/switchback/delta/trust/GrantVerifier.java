package io.switchback.delta.trust;

import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import io.switchback.delta.trust.Grant.Direction;
import io.switchback.delta.trust.GrantRefusedException.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/**
 * Decides at a site worker whether a grant opens what its holder asks for. Safe for use by several
 * threads.
 *
 * <p>It knows one public key, or two while the control side changes its own: first every site
 * worker learns the successor, then the control side signs with it, then the old one is taken away.
 */
public final class GrantVerifier {
  /** How far the clocks of the control side and a site may be apart. */
  public static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);

  private final List<PublicKey> keys;
  private final SeenFences seen;
  private final InstantSource clock;

  /**
   * @param keys the public key of the control side, and its successor if there is one
   * @param seen the highest fence of each disk
   */
  public GrantVerifier(List<PublicKey> keys, SeenFences seen, InstantSource clock) {
    this.keys = List.copyOf(keys);
    this.seen = seen;
    this.clock = clock;
    if (keys.isEmpty() || keys.size() > 2) {
      throw new IllegalArgumentException(
          "A worker knows one public key for grants, or two while it changes, not " + keys.size());
    }
  }

  /**
   * Answers the grant when it opens all of {@code use}, and remembers its fence: from then on no
   * older one opens the disk. Asking again with the same grant answers the same.
   *
   * @throws GrantRefusedException if it does not; nothing is remembered then
   * @throws IOException if the fences cannot be read or written
   */
  public Grant verify(byte[] presented, GrantUse use) throws IOException {
    Grant grant = signedGrant(presented, use);
    checkTime(grant, use);
    checkUse(grant, use);
    TransferFence highest = seen.raise(fenced(grant), grant.fence());
    if (highest.compareTo(grant.fence()) > 0) {
      throw refused(Reason.FENCED, use, fencedOff(grant, highest), "Somebody newer has taken over");
    }
    return grant;
  }

  /** For every batch under {@code grant}: refuses as soon as a newer one has opened the disk. */
  public FenceCheck stillNewest(Grant grant) {
    return () -> {
      TransferFence highest;
      try {
        highest = seen.highest(fenced(grant)).orElse(grant.fence());
      } catch (IOException unreadable) {
        FencedException fenced =
            new FencedException(
                "whether somebody newer may touch %s cannot be told".formatted(grant.disk()));
        fenced.initCause(unreadable);
        throw fenced;
      }
      if (highest.compareTo(grant.fence()) > 0) {
        throw new FencedException(
            "%s was opened to a newer transfer: %s."
                .formatted(grant.disk(), fencedOff(grant, highest)));
      }
    };
  }

  private Grant signedGrant(byte[] presented, GrantUse use) throws GrantRefusedException {
    int end = presented.length - GrantCodec.SIGNATURE_BYTES;
    if (end < 1 || presented.length > GrantCodec.MOST_BYTES) {
      throw refused(
          Reason.MALFORMED,
          use,
          "what was presented has %d bytes and is no grant".formatted(presented.length),
          "Look who dials");
    }
    if (presented[0] != GrantCodec.VERSION) {
      throw refused(
          Reason.OTHER_VERSION,
          use,
          "the grant is of version %d, and this worker knows %d"
              .formatted(presented[0], GrantCodec.VERSION),
          "Bring this worker and those of the queue switchback to the same release");
    }
    byte[] encoded = Arrays.copyOf(presented, end);
    byte[] signature = Arrays.copyOfRange(presented, end, presented.length);
    if (keys.stream().noneMatch(key -> isSignedBy(key, encoded, signature))) {
      throw refused(
          Reason.NOT_SIGNED,
          use,
          "no key that this worker knows (%s) has signed the grant"
              .formatted(String.join(", ", keys.stream().map(GrantKeys::fingerprint).toList())),
          "Give this worker the public key of the control side, then retry");
    }
    try {
      return GrantCodec.decode(encoded);
    } catch (GrantCodec.NoGrant none) {
      throw refused(
          Reason.MALFORMED,
          use,
          "the grant is signed, but " + none.getMessage(),
          "Bring this worker and those of the queue switchback to the same release");
    }
  }

  private static boolean isSignedBy(PublicKey key, byte[] encoded, byte[] signature) {
    try {
      Signature verification = Signature.getInstance("Ed25519");
      verification.initVerify(key);
      verification.update(GrantCodec.signed(encoded));
      return verification.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  private void checkTime(Grant grant, GrantUse use) throws GrantRefusedException {
    Instant now = clock.instant();
    if (!now.minus(CLOCK_TOLERANCE).isBefore(grant.expiresAt())) {
      throw refused(
          Reason.EXPIRED,
          use,
          "the grant was good until %s, and here it is %s".formatted(grant.expiresAt(), now),
          "Retry with a new one; if that is refused too, set the clocks");
    }
    if (now.plus(CLOCK_TOLERANCE).isBefore(grant.notBefore())) {
      throw refused(
          Reason.NOT_YET_VALID,
          use,
          "the grant is good from %s on, and here it is %s".formatted(grant.notBefore(), now),
          "Set this machine's clock or that of the workers of the queue switchback, then retry");
    }
  }

  private static void checkUse(Grant grant, GrantUse use) throws GrantRefusedException {
    if (!use.holder().isEmpty() && !grant.holder().equals(use.holder())) {
      throw refused(
          Reason.OTHER_HOLDER,
          use,
          "the grant was made for site '%s', and a worker of site '%s' presents it"
              .formatted(grant.holder(), use.holder()),
          "Give the worker the certificate of its own site");
    }
    if (!grant.disk().equals(use.disk())) {
      throw refused(Reason.OTHER_DISK, use, "the grant is for " + grant.disk(), "Look who dials");
    }
    if (grant.direction() != use.direction()) {
      throw refused(
          Reason.OTHER_DIRECTION,
          use,
          "the grant lets its holder %s, not %s"
              .formatted(grant.direction().word(), use.direction().word()),
          "Look who dials");
    }
    if (!grant.covers(use.range())) {
      throw refused(
          Reason.OUTSIDE_RANGE,
          use,
          "the grant is for bytes %s, and %s were asked for".formatted(grant.range(), use.range()),
          "Look who dials");
    }
  }

  /**
   * Whose fences are compared. There is one order of all who write to a disk; readers of two sites
   * have nothing to do with each other.
   */
  private static String fenced(Grant grant) {
    String disk = grant.disk().itself().toString();
    return grant.direction() == Direction.WRITE
        ? "write " + disk
        : "read %s by site '%s'".formatted(disk, grant.holder());
  }

  private static String fencedOff(Grant grant, TransferFence highest) {
    return "transfer '%s' carries fence %s, and %s was seen"
        .formatted(grant.transfer(), grant.fence(), highest);
  }

  private static GrantRefusedException refused(
      Reason reason, GrantUse use, String why, String remedy) {
    return new GrantRefusedException(
        reason,
        "Could not open %s to %s: %s. %s."
            .formatted(
                use.disk(),
                use.holder().isEmpty() ? "whoever dials" : "site '" + use.holder() + "'",
                why,
                remedy));
  }
}
