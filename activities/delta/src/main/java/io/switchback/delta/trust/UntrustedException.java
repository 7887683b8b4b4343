package io.switchback.delta.trust;

import io.switchback.delta.trust.PeerRefusedException.Reason;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;

/** Why a certificate is not believed, on its way through the handshake. */
final class UntrustedException extends CertificateException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  UntrustedException(Reason reason, String sentence) {
    // The cause decides what the other end is told: the JDK makes the alert of it.
    super(sentence, new CertPathValidatorException(sentence, null, null, -1, basic(reason)));
    this.reason = reason;
  }

  private static BasicReason basic(Reason reason) {
    return switch (reason) {
      case CERTIFICATE_EXPIRED -> BasicReason.EXPIRED;
      case CERTIFICATE_REVOKED -> BasicReason.REVOKED;
      default -> BasicReason.UNSPECIFIED;
    };
  }

  Reason reason() {
    return reason;
  }
}
