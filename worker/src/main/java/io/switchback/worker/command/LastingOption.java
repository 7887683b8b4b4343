package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateAuthority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --lasting}, the same wherever a certificate is made. */
public final class LastingOption {
  @Option(
      names = "--lasting",
      paramLabel = "<time>",
      converter = DurationConverter.class,
      description = "How long it is good, as in 30d; from one hour on (else 90d).")
  private @Nullable Duration lasting;

  Duration duration() {
    return lasting == null ? CertificateAuthority.USUALLY_LASTS : lasting;
  }
}
