package io.switchback.worker.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code switchback ca}: why workers of two sites believe each other. */
@Command(
    name = "ca",
    mixinStandardHelpOptions = true,
    description = {
      "Issue, renew and take back the certificates by which workers of two sites know each other, those of tenants and of"
          + " the gateway that lets them in, and make the key that signs what one transfer may do.",
      "",
      "The authority is a folder. Keep it at the control side, never at a site that may burn, and back it up: whoever has"
          + " its ca.key can be any worker. Several people may use it at once."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback ca init",
      "  switchback ca issue berlin --out berlin-worker      key, certificate, authority and revocation list in one folder",
      "  switchback ca list                                  what was issued, and what ends soon",
      "  switchback ca renew 5f0c91… --out berlin-worker     before it ends; the worker needs no new start",
      "  switchback ca revoke 5f0c91… --reason key-compromise",
      "  switchback ca tenant acme --out acme                for a tenant's two appliances; again, and what ends is renewed",
      "  switchback ca gateway potsdam --out gateway         for the cloud gateway, in the same way",
      "  switchback ca revoke --tenant acme                  nothing of that tenant is believed any more",
      "  switchback ca crl --out berlin-worker/crl.pem       the revocation list, for every site worker",
      "  switchback ca grant-key --out grant.key             for the workers of the queue switchback"
    },
    subcommands = {
      CaInitCommand.class,
      CaIssueCommand.class,
      CaTenantCommand.class,
      CaGatewayCommand.class,
      CaRenewCommand.class,
      CaListCommand.class,
      CaRevokeCommand.class,
      CaCrlCommand.class,
      CaGrantKeyCommand.class
    })
public final class CaCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "Say what to do with certificates: init, issue, tenant, gateway, renew, list, revoke, crl or"
            + " grant-key.");
  }
}
