package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback ca revoke 5f0c91… --reason key-compromise",
      "  switchback ca revoke --tenant acme --reason cessation-of-operation"
    })
public final class CaRevokeCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  /** One certificate, or all of a tenant. */
  static final class Which {
    @Parameters(paramLabel = "<serial>", description = "As `switchback ca list` shows it.")
    private @Nullable String serial;

    @Option(
        names = "--tenant",
        paramLabel = "<tenant>",
        description = "Everything that was issued for a tenant, instead of one certificate.")
    private @Nullable String tenant;
  }

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
    CertificateAuthority authority = authorityOption.authority();
    List<IssuedCertificate> revoked =
        which.tenant == null
            ? List.of(authority.revoke(Objects.requireNonNull(which.serial), reason))
            : authority.revokeTenant(which.tenant, reason);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (revoked.isEmpty()) {
      out.printf("Every certificate of tenant %s was revoked before.%n", which.tenant);
    }
    for (IssuedCertificate one : revoked) {
      out.printf(
          "Certificate %s of %s %s (%s) is revoked: %s.%n",
          one.serial(),
          one.role().bearer(),
          one.name(),
          one.role().unit(),
          one.revocation().orElseThrow().reason().word());
    }
    boolean ofWorker =
        which.tenant == null && revoked.getFirst().role() == CertificateRole.SITE_WORKER;
    out.printf(
        "Now bring %s %s, as its crl.pem: until then they believe it.%n",
        authorityOption.folder().resolve("crl.pem"),
        ofWorker
            ? "to every site worker"
            : "to the gateway, where `switchback gateway apply` makes it hold, and to the tenants' appliances");
  }
}
