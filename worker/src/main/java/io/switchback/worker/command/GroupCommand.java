package io.switchback.worker.command;

import io.switchback.operation.DefineGroup;
import io.switchback.operation.GroupResult;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.RunStarter;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback group}: VMs whose restore points are of one moment. */
@Command(
    name = "group",
    mixinStandardHelpOptions = true,
    description = {
      "Make VMs a group: their snapshots are taken at one moment, and the group's restore point is one thing to choose.",
      "",
      "The VMs named are put in place of those that the group had. `switchback status` lists groups and their points."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback group erp app-01 db-01     these two from now on",
      "  switchback group erp --end            no group any more; the VMs stay protected"
    })
public final class GroupCommand implements Runnable {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(index = "0", paramLabel = "<group>", description = "Name of the group.")
  private String group = "";

  @Parameters(index = "1..*", paramLabel = "<vm>", description = "Its VMs.")
  private List<String> vms = List.of();

  @Option(names = "--end", description = "End the group.")
  private boolean end;

  @Override
  public void run() {
    if (end != vms.isEmpty()) {
      throw Refusal.usage("Name the group's VMs, or end it with --end, one of the two.");
    }
    try (Connections connections = connectionOptions.to(homeOption.home().services().read())) {
      if (!new RunStarter(connections.temporal().client()).isServed()) {
        throw Refusal.unreachable(
            "No worker serves the queue switchback. Start one with `switchback worker`.");
      }
      WorkflowStub run =
          connections
              .temporal()
              .client()
              .newUntypedWorkflowStub(
                  DefineGroup.TYPE,
                  WorkflowOptions.newBuilder()
                      .setTaskQueue(Queues.SWITCHBACK)
                      .setWorkflowId("define-group/" + UUID.randomUUID().toString().substring(0, 8))
                      .build());
      run.start(
          Payloads.mapper()
              .valueToTree(
                  Map.of(
                      "group",
                      group,
                      "vms",
                      vms,
                      "by",
                      System.getProperty("user.name", "not named"))));
      print(result(run));
    }
  }

  private GroupResult result(WorkflowStub run) {
    try {
      return run.getResult(LIMIT.toSeconds(), TimeUnit.SECONDS, GroupResult.class);
    } catch (TimeoutException late) {
      throw Refusal.unreachable(
          "Group '%s' was not defined within %d s; the run goes on. Look whether workers run."
              .formatted(group, LIMIT.toSeconds()));
    } catch (WorkflowFailedException failed) {
      if (failed.getCause() instanceof ApplicationFailure mistakes) {
        throw new Refusal(ExitCode.USAGE, mistakes.getOriginalMessage(), failed);
      }
      throw failed;
    }
  }

  private void print(GroupResult result) {
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .println(
            result.vms().isEmpty()
                ? "Group " + result.group() + " is no more."
                : "Group %s is %s%s. Its first restore point follows."
                    .formatted(
                        result.group(),
                        String.join(", ", result.vms()),
                        result.changed() ? "" : ", as before"));
  }
}
