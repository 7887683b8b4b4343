package io.switchback.delta.trust;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Two workers do not believe each other, so nothing was said between them. Told at the end that
 * refused, and, as far as TLS tells it, at the other.
 */
public final class PeerRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why a worker is not believed. */
  public enum Reason {
    /** It shows no certificate. */
    NO_CERTIFICATE,
    /** No authority that is believed has issued its certificate. */
    OTHER_AUTHORITY,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_NOT_YET_VALID,
    CERTIFICATE_REVOKED,
    /** Its certificate is of another site than the one that was dialled. */
    OTHER_SITE,
    /** Its certificate was not made for site workers. */
    OTHER_PURPOSE,
    /** Whether its certificate was revoked cannot be told. */
    REVOCATION_UNKNOWN,
    /** It speaks no TLS, or none that is allowed. */
    OTHER_PROTOCOL,
    /** It does not believe this worker; TLS tells the other end no more. */
    REFUSED_THERE
  }

  private static final Pattern PROTOCOL =
      Pattern.compile("^\\((protocol_version|handshake_failure)\\)|unrecognized SSL message");
  private static final Pattern REFUSED_THERE =
      Pattern.compile("Received fatal alert: (\\w*certificate\\w*|unknown_ca|access_denied)");

  public PeerRefusedException(Reason reason, String sentence, Throwable cause) {
    super(reason + ": " + sentence, cause);
    this.reason = reason;
  }

  /**
   * What {@code failure} of a TLS connection means, where it is about trust; else {@code failure}.
   * With TLS 1.3 a client learns that the server refused it from its first read, not from the
   * handshake: whoever reads first asks here. It may also see no more than a closed connection.
   *
   * @param peer whom this worker talked to, for the message
   */
  public static IOException explain(IOException failure, String peer) {
    if (failure instanceof PeerRefusedException) {
      return failure;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UntrustedException untrusted) {
        return new PeerRefusedException(
            untrusted.reason(),
            "Could not talk to %s: %s".formatted(peer, untrusted.getMessage()),
            failure);
      }
    }
    return failure instanceof SSLException tls ? ofTls(tls, peer).orElse(failure) : failure;
  }

  /** What a certificate that is not believed means for an open connection with {@code peer}. */
  static PeerRefusedException of(CertificateException refused, String peer) {
    Reason reason =
        refused instanceof UntrustedException untrusted
            ? untrusted.reason()
            : Reason.OTHER_AUTHORITY;
    return new PeerRefusedException(
        reason, "Could not go on with %s: %s".formatted(peer, refused.getMessage()), refused);
  }

  /** The JDK tells these by their texts alone, most of them begun with the name of the alert. */
  private static Optional<IOException> ofTls(SSLException failure, String peer) {
    String text = String.valueOf(failure.getMessage());
    if (text.contains("Empty client certificate chain")) {
      return refused(
          Reason.NO_CERTIFICATE,
          failure,
          peer,
          "it shows no certificate. Give it the files that `switchback ca issue` wrote for its site");
    }
    if (PROTOCOL.matcher(text).find()) {
      return refused(
          Reason.OTHER_PROTOCOL,
          failure,
          peer,
          "it does not speak TLS 1.3 (%s). Correct the data address, or bring both workers to the same release"
              .formatted(text));
    }
    return REFUSED_THERE.matcher(text).find()
        ? refused(
            Reason.REFUSED_THERE,
            failure,
            peer,
            "it does not believe this worker's certificate, and its log says why. Give this worker the files that"
                + " `switchback ca issue` or `renew` writes for its site")
        : Optional.empty();
  }

  private static Optional<IOException> refused(
      Reason reason, SSLException failure, String peer, String why) {
    return Optional.of(
        new PeerRefusedException(
            reason, "Could not talk to %s: %s, then retry.".formatted(peer, why), failure));
  }

  public Reason reason() {
    return reason;
  }

  /** A person must act: none of these passes by itself. */
  public Remedy remedy() {
    return Remedy.OPERATOR;
  }
}
