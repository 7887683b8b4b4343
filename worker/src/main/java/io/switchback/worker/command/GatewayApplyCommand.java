package io.switchback.worker.command;

import io.switchback.appliance.gateway.Gateway;
import io.switchback.appliance.gateway.Gateway.Applied;
import io.switchback.appliance.gateway.GatewayCertificates;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.site.GatewayFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback gateway apply}: brings the gateway of this machine to what a file says. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Bring the gateway of this machine to what a file says: write all that HAProxy reads, have HAProxy check it, and change"
          + " the running gateway. Nobody is cut off but who is not let in any more, whose appliance moved, and who holds a"
          + " connection by a revoked certificate.",
      "",
      "Running it again does what is left to do, so it may run as often as you like: after every change of the file, of the"
          + " certificates and of the revocation list. It does not start the gateway; it says how."
    },
    footerHeading = "%nThe file:%n",
    footer = {
      "  listen: 0.0.0.0:443",
      "  certificates: gateway          # what `switchback ca gateway` wrote; crl.pem is that of `switchback ca crl`",
      "  tenants:",
      "    acme: 10.9.0.5:1194          # where that tenant's appliance listens",
      "    globex: 10.9.0.6:1194",
      "  connections: 4000              # at once; this and user may be left out",
      "  user: haproxy"
    })
public final class GatewayApplyCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Parameters(paramLabel = "<yaml>", description = "What the gateway is to be.")
  private Path file = Path.of("");

  @Option(
      names = "--dir",
      paramLabel = "<folder>",
      defaultValue = "${env:SWITCHBACK_GATEWAY}",
      description =
          "The gateway's folder (else $SWITCHBACK_GATEWAY, else gateway in the home directory).")
  private @Nullable Path folder;

  @Override
  public void run() {
    GatewayFile wanted = GatewayFile.read(file);
    Instant now = Instant.now();
    GatewayCertificates certificates = GatewayCertificates.read(wanted.certificates(), now);
    Gateway gateway = gateway();
    Applied applied = gateway.apply(wanted.settings(), certificates);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    applied.done().forEach(out::println);
    certificates.warnings(now).forEach(out::println);
    int tenants = wanted.settings().tenants().size();
    if (applied.isRunning()) {
      out.printf("The gateway at %s lets %d tenants in.%n", wanted.settings().listen(), tenants);
    } else {
      out.printf(
          "The gateway does not run. Its files are ready for %d tenants; start it with: sh %s%n",
          tenants, gateway.start());
    }
  }

  private Gateway gateway() {
    try {
      return new Gateway(
          folder == null ? homeOption.home().directory().resolve("gateway") : folder);
    } catch (IllegalArgumentException refused) {
      throw Refusal.usage("--dir: " + refused.getMessage());
    }
  }
}
