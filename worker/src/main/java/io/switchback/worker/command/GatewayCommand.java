package io.switchback.worker.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code switchback gateway}: the provider's only door. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "<command>",
    description = {
      "Set up the cloud gateway: HAProxy, which asks each tenant for its certificate and connects it to its own appliance"
          + " only. Tunnels stay end to end inside."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback gateway apply gateway.yaml --dir /var/lib/switchback-gateway       at the provider, after every change",
      "  switchback gateway client --gateway potsdam --at gw.example.com:443 --certificates /etc/switchback/tenant",
      "                                               what a tenant's appliance runs to get through"
    },
    subcommands = {GatewayApplyCommand.class, GatewayClientCommand.class})
public final class GatewayCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  /** No command was given. */
  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "Say what to do: apply or client.");
  }
}
