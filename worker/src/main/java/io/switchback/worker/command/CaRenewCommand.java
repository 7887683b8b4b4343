package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateAuthority.Issued;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback ca renew}: another certificate in the place of one that ends. */
@Command(
    name = "renew",
    mixinStandardHelpOptions = true,
    description = {
      "Make another key and certificate for the same site, tenant or gateway, and write them over those in the folder.",
      "",
      "A worker reads the folder at every connection, so it needs no new start. The old certificate stays good until it"
          + " ends; revoke it when its key may be in wrong hands."
    },
    footerHeading = "%nExample:%n",
    footer = "  switchback ca renew 5f0c91… --out berlin-worker")
public final class CaRenewCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();
  @Mixin final LastingOption lasting = new LastingOption();

  @Parameters(
      paramLabel = "<serial>",
      description = "Of the old certificate, as `switchback ca list` shows it.")
  private String serial = "";

  @Option(
      names = "--out",
      paramLabel = "<folder>",
      required = true,
      description =
          "Write key and certificate (worker.pem), ca.pem and crl.pem there, over those that are there.")
  private Path folder = Path.of("");

  @Override
  public void run() {
    CertificateAuthority authority = authorityOption.authority();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Issued renewed = authority.renew(serial, lasting.duration());
    CaFiles.write(authority, renewed, folder, out);
  }
}
