package io.switchback.worker.command;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabException;
import io.switchback.lab.LabFence;
import io.switchback.registry.RegistryRecovery;
import io.switchback.registry.RegistryRecovery.Recovered;
import io.switchback.registry.RegistryRecovery.Seen;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback registry recover}: after an old backup of the registry was restored. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    description = {
      "Let a registry that was restored from an old backup give out fences again.",
      "",
      "Sites keep the highest fence that they have seen. When one of them is above what the"
          + " registry has given out, claims are refused (FENCE_AHEAD). This sets the generation"
          + " above all of them, and tells the audit. Refused when no site is ahead.",
      "",
      "Look at `switchback status` afterwards: what was done after the backup, the registry does"
          + " not know. Claims whose run is gone are settled by `switchback start reconcile`."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback registry recover --reason 'restored the backup of 02:00'",
      "",
      "Exit codes: 0 recovered, 2 refused, nothing changed, 3 the registry is away."
    })
public final class RegistryRecoverCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Option(names = "--by", paramLabel = "<name>", description = "Who asks; else your login.")
  @Nullable String by;

  @Option(
      names = "--reason",
      paramLabel = "<text>",
      required = true,
      description = "Why, for the audit.")
  String reason = "";

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (Connections connections = connectionOptions.to(homeOption.home().services().read())) {
      String who = by == null || by.isBlank() ? System.getProperty("user.name", "not named") : by;
      Recovered recovered =
          new RegistryRecovery(connections.registry())
              .recover(askSites(connections, out), who, reason);
      out.println(recovered.found());
      out.printf(
          "The registry gives out generation %d from now on; it was %d.%n",
          recovered.generation(), recovered.before());
    } catch (FaultException refused) {
      throw new Refusal(
          refused.fault() == Fault.REFUSED ? ExitCode.USAGE : ExitCode.UNREACHABLE,
          refused.sentence(),
          refused);
    }
  }

  /** What the sites of this home say themselves; one that is away has only what workers told. */
  private static List<Seen> askSites(Connections connections, PrintWriter out) {
    List<Seen> reports = new ArrayList<>();
    for (String site : connections.siteAddresses().keySet()) {
      try (LabClient client = connections.site(site)) {
        LabFence fence = client.site().fence();
        if (fence != null) {
          reports.add(new Seen(site, fence.generation(), fence.epoch()));
        }
      } catch (LabException away) {
        out.printf(
            "site '%s' was not asked: %s. What its workers told before counts.%n",
            site, away.getMessage());
      }
    }
    return reports;
  }
}
