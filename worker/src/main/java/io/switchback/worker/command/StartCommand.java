package io.switchback.worker.command;

import io.switchback.lab.LabInventoryActivities;
import io.switchback.lab.LabRoomActivities;
import io.switchback.lab.LabSiteActivities;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.VmField;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.Payloads;
import io.switchback.registry.PostgresCatalogueActivities;
import io.switchback.registry.PostgresProtectionPlanActivities;
import io.switchback.registry.PostgresSiteSettingsActivities;
import io.switchback.registry.PostgresWatchActivities;
import io.switchback.worker.Build;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Home;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.run.DryRun;
import io.switchback.worker.run.InputText;
import io.switchback.worker.run.LocationPreview;
import io.switchback.worker.run.Preview;
import io.switchback.worker.run.ProtectionPreview;
import io.switchback.worker.run.ResultLines;
import io.switchback.worker.run.RunFollower;
import io.switchback.worker.run.RunRequest;
import io.switchback.worker.run.RunStarter;
import io.switchback.worker.run.StartableOperation;
import io.switchback.worker.run.StartedRun;
import io.switchback.worker.run.TemporalConnection;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback start}: starts an operation as a run. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Start an operation over VMs as a run in Temporal, and print where to watch it.",
      "",
      "The input is checked first, by the code that the run itself uses: every mistake is listed"
          + " and nothing is started. The run goes on by itself when this command ends."
    },
    footerHeading = "%nOperations and inputs:%n",
    footer = {
      "  partial-failover   {\"vms\":[\"web-01\"],\"reason\":\"fire in hall 2\"}",
      "                     {\"vms\":[{\"name\":\"db-01\",\"restorePoint\":\"latest\"}]}",
      "                     {\"group\":\"erp\",\"restorePoint\":\"latest\"}              all of"
          + " the group to one moment",
      "  undo-failover      {\"vms\":[\"web-01\",\"db-01\"]}",
      "  permanent-failover {\"vms\":[{\"name\":\"web-01\",\"confirm\":\"remove 14 restore points"
          + " of web-01\"}]}",
      "  adopt              {\"vms\":[\"web-01\"]}",
      "  reconcile          {\"vms\":[\"db-01\"]}                                 shows what is,"
          + " and the ways",
      "                     {\"vms\":[{\"name\":\"db-01\",\"choose\":\"roll"
          + " back\"}],\"reason\":\"…\"}",
      "  protect            {\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"potsdam\"}",
      "                     {\"tag\":\"gold\",\"from\":\"berlin\",\"to\":\"potsdam\",\"policy\":{\"name\":\"gold\",\"interval\":\"PT15M\"}}",
      "  unprotect          {\"vms\":[\"web-01\"],\"replica\":\"keep\"}   or \"remove\"",
      "  reconfigure        {\"vms\":[\"web-01\"],\"policy\":{\"name\":\"gold\",\"interval\":\"PT5M\"}}",
      "",
      "  restorePoint  latest, an id, or a time: then the newest not later than it",
      "  overrides     of checks that are known to fail:",
      "                [{\"check\":\"productionStillRuns\",\"by\":\"kim\",\"reason\":\"is off\"}]",
      "  by, reason    for the audit; by defaults to your login",
      "  operationId   a UUID; the same one starts the operation at most once",
      "",
      "Examples:",
      "  switchback start partial-failover '{\"vms\":[\"web-01\"]}' --dry-run",
      "  switchback start partial-failover '{\"vms\":[\"web-01\"]}' --wait",
      "  switchback start undo-failover @vms.json",
      "",
      "Exit codes: 0 started (with --wait: done), 1 not done, 2 wrong input, 3 a service"
          + " is away."
    })
public final class StartCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(
      index = "0",
      paramLabel = "<operation>",
      description =
          "As its workflow type or in words: PartialFailover, partial-failover, \"fail over\".")
  String operation = "";

  @Parameters(
      index = "1",
      paramLabel = "<json>",
      description = "The input; @<file> reads it from a file, - from standard input.")
  String input = "";

  @Option(names = "--dry-run", description = "Print what would happen, and change nothing.")
  boolean dryRun;

  @Option(
      names = "--wait",
      description = "Follow the run to its end. Ctrl-C stops the following, never the run.")
  boolean wait;

  @Option(
      names = "--json",
      description = "Print one JSON object, and nothing else, on standard output.")
  boolean json;

  @Override
  public Integer call() {
    StartableOperation asked = StartableOperation.named(operation);
    RunRequest request =
        RunRequest.of(
            asked, InputText.read(input, System.in), System.getProperty("user.name", "not named"));
    Home home = homeOption.home();
    try (Connections connections = connectionOptions.to(home.services().read())) {
      return dryRun
          ? preview(request, connections)
          : start(request, connections, Homes.commands(home)).number();
    }
  }

  private int preview(RunRequest request, Connections connections) {
    Preview preview =
        request.operation() == StartableOperation.PROTECT
            ? new ProtectionPreview(
                    new PostgresProtectionPlanActivities(connections.registry()),
                    new LabInventoryActivities(connections.sites()))
                .of(request)
            : new DryRun(
                    new PostgresCatalogueActivities(connections.registry()),
                    new PostgresWatchActivities(connections.registry()),
                    locations(connections),
                    new LabSiteLooks(connections.sites()),
                    InstantSource.system())
                .of(request);
    if (json) {
      out().println(Payloads.mapper().writeValueAsString(preview));
    } else {
      preview.lines().forEach(out()::println);
    }
    return ExitCode.OK.number();
  }

  private static LocationPreview locations(Connections connections) {
    return new LocationPreview(
        new PostgresProtectionPlanActivities(connections.registry()),
        new PostgresSiteSettingsActivities(connections.registry()),
        new LabInventoryActivities(connections.sites()),
        new LabSiteActivities(
            connections.sites(),
            "this command",
            Build.id(),
            site -> List.of(),
            site -> Optional.empty(),
            InstantSource.system()),
        new LabRoomActivities(connections.sites()));
  }

  private ExitCode start(RunRequest request, Connections connections, CommandWords commands) {
    TemporalConnection temporal = connections.temporal();
    if (connections.registryAddress().isPresent()) {
      // The run asks the same again; here a person learns it before anything is started.
      var catalogue = new PostgresCatalogueActivities(connections.registry());
      Resolution resolution = DryRun.resolve(catalogue, request);
      if (request.operation().takes().contains(VmField.CONFIRM)) {
        DryRun.refuseUnconfirmed(resolution, InstantSource.system());
      }
      resolution.warnings().forEach(warning -> err().println("Warning: " + warning));
    }
    RunStarter starter = new RunStarter(temporal.client());
    StartedRun run = starter.start(request);
    PrintWriter notices = json ? err() : out();
    tell(run, temporal, commands, notices);
    if (!run.already() && !starter.isServed()) {
      notices.println(
          "No worker polls the queue 'switchback' now: the run waits for one. Start it with"
              + " `switchback worker`.");
    }
    notices.flush();
    if (!wait) {
      if (json) {
        out().println(Payloads.mapper().writeValueAsString(described(run, temporal)));
      }
      return ExitCode.OK;
    }
    OperationResult result =
        new RunFollower(
                temporal.client(),
                commands,
                line -> {
                  notices.println(line);
                  notices.flush();
                })
            .follow(run);
    if (json) {
      out().println(Payloads.mapper().writeValueAsString(result));
    } else {
      out().println();
      ResultLines.of(result).forEach(out()::println);
    }
    return result.outcome() == Outcome.DONE ? ExitCode.OK : ExitCode.FAILED;
  }

  private static void tell(
      StartedRun run, TemporalConnection temporal, CommandWords commands, PrintWriter notices) {
    notices.printf("%s %s%n", run.already() ? "Was started before:" : "Started", run.workflowId());
    notices.println(
        run.link(temporal.address())
            .map(link -> "  " + link)
            .orElse(
                "  No Temporal UI is known here (--temporal-ui); follow it with `%s`."
                    .formatted(commands.command("status", "--watch"))));
  }

  private static Map<String, Object> described(StartedRun run, TemporalConnection temporal) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("operation", run.operation().type());
    described.put("operationId", run.operationId());
    described.put("workflowId", run.workflowId());
    described.put("runId", run.runId());
    described.put("already", run.already());
    run.link(temporal.address()).ifPresent(link -> described.put("link", link));
    return described;
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }
}
