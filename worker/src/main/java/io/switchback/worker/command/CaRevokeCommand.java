package io.switchback.worker.command;

import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code switchback ca revoke}: a certificate is believed no longer. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = {
      "Take a certificate back, for ever. It holds at a worker from the next connection on after the new revocation list"
          + " has come to it, as its crl.pem.",
      "",
      "Revoking it again writes the list again and changes nothing else."
    },
    footerHeading = "%nExample:%n",
    footer = "  switchback ca revoke 5f0c91… --reason key-compromise")
public final class CaRevokeCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();

  @Parameters(paramLabel = "<serial>", description = "As `switchback ca list` shows it.")
  private String serial = "";

  @Option(
      names = "--reason",
      paramLabel = "<reason>",
      converter = ReasonConverter.class,
      description =
          "key-compromise, superseded, cessation-of-operation or unspecified (else unspecified).")
  private Reason reason = Reason.UNSPECIFIED;

  static final class ReasonConverter implements ITypeConverter<Reason> {
    @Override
    public Reason convert(String text) {
      return Arrays.stream(Reason.values())
          .filter(reason -> reason.word().equals(text.strip()))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is no reason: say %s"
                          .formatted(
                              text, Arrays.stream(Reason.values()).map(Reason::word).toList())));
    }
  }

  @Override
  public void run() {
    IssuedCertificate revoked = authorityOption.authority().revoke(serial, reason);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf(
        "Certificate %s of site %s is revoked: %s.%n",
        revoked.serial(), revoked.site(), revoked.revocation().orElseThrow().reason().word());
    out.printf(
        "Now bring %s to every site worker, as its crl.pem: until then they believe it.%n",
        authorityOption.folder().resolve("crl.pem"));
  }
}
