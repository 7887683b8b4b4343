package io.switchback.worker.command;

import io.switchback.appliance.gateway.Endpoint;
import io.switchback.appliance.gateway.GatewayClientConfiguration;
import io.switchback.appliance.gateway.GatewayClientSettings;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback gateway client}: how a tenant's appliance gets through the gateway. */
@Command(
    name = "client",
    mixinStandardHelpOptions = true,
    description = {
      "Print what HAProxy on a tenant's appliance reads to get its tunnel through the cloud gateway. OpenVPN on the same"
          + " machine connects to --listen, by TCP."
    },
    footerHeading = "%nExample, on the appliance `haproxy -W -f gateway.cfg` runs it:%n",
    footer =
        "  switchback gateway client --gateway potsdam --at gw.example.com:443 --certificates /etc/switchback/tenant > gateway.cfg")
public final class GatewayClientCommand implements Runnable {
  private static final int USUAL_PORT = 443;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--gateway",
      paramLabel = "<gateway>",
      required = true,
      description = "Its name, as `switchback ca gateway` was given it; nobody else is believed.")
  private String gateway = "";

  @Option(
      names = "--at",
      paramLabel = "<host:port>",
      required = true,
      description = "Where it is dialled.")
  private String at = "";

  @Option(
      names = "--certificates",
      paramLabel = "<folder>",
      required = true,
      description =
          "Where the appliance has what `switchback ca tenant` wrote into production: tenant.pem, ca.pem, crl.pem.")
  private Path certificates = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "<address:port>",
      defaultValue = "127.0.0.1:1194",
      description = "Where OpenVPN connects, a loopback address (else ${DEFAULT-VALUE}).")
  private String listen = "";

  @Override
  public void run() {
    HostPort dialled = HostPort.parse(at, USUAL_PORT);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try {
      GatewayClientSettings settings =
          new GatewayClientSettings(
              gateway, dialled.host(), dialled.port(), Endpoint.parse(listen));
      out.print(GatewayClientConfiguration.text(settings, certificates));
      out.flush();
    } catch (IllegalArgumentException refused) {
      throw Refusal.usage(refused.getMessage() + ".");
    }
  }
}
