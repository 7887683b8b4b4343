package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateRole;
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

/** {@code switchback ca tenant}: what the two appliances of a tenant show each other. */
@Command(
    name = "tenant",
    mixinStandardHelpOptions = true,
    description = {
      "Keep the certificates of a tenant good: issue what is missing in the folder, and a successor for what was revoked or"
          + " is in the last third of its time. The rest is left alone, so have this run once a day.",
      "",
      "production/ is for the tenant's own appliance: tenant.pem opens the cloud gateway, tunnel-client.pem the tunnel inside."
          + " provider/ is for its appliance at the provider: tunnel-server.pem. The keys are kept nowhere else: bring each"
          + " folder to its appliance over a way that you trust. What had a successor stays good until it ends."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback ca tenant acme --out acme           issue, and later: renew what ends soon",
      "  switchback ca tenant acme --out acme --now     new keys for all of it at once",
      "  switchback ca revoke --tenant acme             to take all of it back"
    })
public final class CaTenantCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();
  @Mixin final LastingOption lasting = new LastingOption();
  @Mixin final SuccessorOption successor = new SuccessorOption();

  @Parameters(paramLabel = "<tenant>", description = "Whose they are.")
  private String tenant = "";

  @Option(
      names = "--out",
      paramLabel = "<folder>",
      required = true,
      description =
          "Keep them in its folders production and provider, each with ca.pem and crl.pem.")
  private Path folder = Path.of("");

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    for (CertificateRole role : CertificateRole.OF_TENANT_AT_PRODUCTION) {
      keep(role, folder.resolve("production"), out);
    }
    for (CertificateRole role : CertificateRole.OF_TENANT_AT_PROVIDER) {
      keep(role, folder.resolve("provider"), out);
    }
  }

  private void keep(CertificateRole role, Path place, PrintWriter out) {
    successor.keep(authorityOption.authority(), role, tenant, lasting.duration(), place, out);
  }
}
