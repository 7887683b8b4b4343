package io.switchback.worker.command;

import io.switchback.model.SiteFact;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteVm;
import io.switchback.operation.SiteCheck;
import io.switchback.operation.SiteCheckResult;
import io.switchback.operation.SiteLogin;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.RunStarter;
import io.switchback.worker.run.TemporalConnection;
import io.switchback.worker.run.TextTable;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback site check}: whether sites can be used from where they will be. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Log in to every site as its own workers do, and as the workers of the site that recovers it; then show"
          + " everything that stands in the way, with what to do. Changes nothing.",
      "",
      "It is the workflow SiteCheck, which the Temporal UI starts as well. Also with production gone it tells"
          + " whether a failover would work."
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0   every site can be used; warnings do not count",
      "  1   not every recovery site can be used: a failover would fail",
      "  2   wrong usage, such as a site that is unknown",
      "  3   Temporal, the registry or the workers of the queue switchback are away",
      "  4   every recovery site can be used, but something stands in the way at production:",
      "      a failover would work, replication does not go on"
    })
public final class SiteCheckCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(arity = "0..*", paramLabel = "<site>", description = "Only logins at or into these.")
  List<String> sites = List.of();

  @Option(
      names = "--vms",
      description =
          "Show each VM of each site as well: whether its changes are tracked, and what keeps it from being protected.")
  boolean vms;

  @Option(names = "--json", description = "Print one JSON object, each VM included.")
  boolean json;

  @Override
  public Integer call() {
    try (Connections connections = connectionOptions.to(homeOption.home().services().read())) {
      SiteCheckResult result = check(connections.temporal());
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      if (json) {
        out.println(Payloads.mapper().writeValueAsString(result));
      } else {
        show(result, out);
      }
      return exitCode(result).number();
    }
  }

  private static ExitCode exitCode(SiteCheckResult result) {
    if (!result.canRecover()) {
      return ExitCode.FAILED;
    }
    return result.canReplicate() ? ExitCode.OK : ExitCode.PRODUCTION_ONLY;
  }

  private SiteCheckResult check(TemporalConnection temporal) {
    if (!new RunStarter(temporal.client()).isServed()) {
      throw Refusal.unreachable(
          "No worker serves the queue switchback. Start one with `switchback worker`.");
    }
    String id = "site-check/" + UUID.randomUUID().toString().substring(0, 8);
    WorkflowStub run =
        temporal
            .client()
            .newUntypedWorkflowStub(
                SiteCheck.TYPE,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(Queues.SWITCHBACK)
                    .setWorkflowId(id)
                    .setStaticSummary("check sites")
                    .build());
    run.start(Payloads.mapper().valueToTree(Map.of("sites", sites)));
    try {
      return run.getResult(LIMIT.toSeconds(), TimeUnit.SECONDS, SiteCheckResult.class);
    } catch (TimeoutException late) {
      throw Refusal.unreachable(
          "The check '%s' has not ended within %d s. Look at it in the Temporal UI, and whether workers run."
              .formatted(id, LIMIT.toSeconds()));
    } catch (WorkflowFailedException failed) {
      if (failed.getCause() instanceof ApplicationFailure mistake) {
        throw new Refusal(ExitCode.USAGE, mistake.getOriginalMessage(), failed);
      }
      throw failed;
    }
  }

  private void show(SiteCheckResult result, PrintWriter out) {
    TextTable table = new TextTable("WORKERS OF", "LOG IN TO", "NEEDED FOR", "RESULT", "WORKER");
    for (SiteLogin login : result.logins()) {
      table.row(
          login.at(),
          login.into(),
          login.side().name().toLowerCase(Locale.ROOT),
          words(login),
          login.worker().isEmpty() ? "-" : login.worker());
    }
    table.lines().forEach(out::println);
    for (SiteLogin login : result.logins()) {
      for (SiteFinding finding : login.findings()) {
        out.println();
        out.printf(
            "%s: %s (%s → %s)%n",
            finding.kind().stops() ? finding.kind() : "warning, " + finding.kind(),
            finding.sentence(),
            login.at(),
            login.into());
        out.println("  " + finding.remedy());
      }
    }
    seen(result, out);
    if (vms) {
      result.logins().forEach(login -> each(login, out));
    }
    out.println();
    out.println(result.verdict());
  }

  /** What there is, once for each site, however many have logged in to it. */
  private static void seen(SiteCheckResult result, PrintWriter out) {
    Map<String, List<SiteFact>> bySite = new LinkedHashMap<>();
    for (SiteLogin login : result.logins()) {
      if (!login.facts().isEmpty()) {
        bySite.putIfAbsent(login.into(), login.facts());
      }
    }
    bySite.forEach(
        (site, facts) -> {
          out.println();
          out.println(site + ":");
          facts.forEach(fact -> out.printf("  %-18s %s%n", fact.what(), fact.value()));
        });
  }

  private static void each(SiteLogin login, PrintWriter out) {
    if (login.vms().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("VM OF " + login.into(), "CHANGE TRACKING", "PROTECTABLE");
    for (SiteVm vm : login.vms()) {
      table.row(
          vm.name(),
          vm.tracking().words(),
          vm.obstacles().isEmpty() ? "yes" : "no, " + String.join(", ", vm.obstacles()));
    }
    out.println();
    table.lines().forEach(out::println);
  }

  private static String words(SiteLogin login) {
    if (login.findings().isEmpty()) {
      return "good";
    }
    long stops = login.findings().stream().filter(found -> found.kind().stops()).count();
    long warnings = login.findings().size() - stops;
    return stops == 0 ? count(warnings, "warning") : count(stops, "finding");
  }

  private static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
