package io.switchback.worker;

import io.switchback.port.RunActivities;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowTargetOptions;
import java.util.Locale;
import java.util.Optional;

/** Asks Temporal itself about runs. */
public final class TemporalRunActivities implements RunActivities {
  private final WorkflowClient client;

  public TemporalRunActivities(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public RunView lookAtRun(LookAtRun request) {
    Optional<WorkflowExecutionDescription> asked =
        describe(
            WorkflowTargetOptions.newBuilder()
                .setWorkflowId(request.workflowId())
                .setRunId(request.runId())
                .build());
    // A reset, or a continue-as-new, goes on under the same workflow id as another run.
    Optional<WorkflowExecutionDescription> newest =
        describe(WorkflowTargetOptions.newBuilder().setWorkflowId(request.workflowId()).build());
    for (Optional<WorkflowExecutionDescription> one : java.util.List.of(asked, newest)) {
      if (one.isPresent() && isLive(one.get(), request.askingRunId())) {
        return new RunView(
            Liveness.LIVE,
            "run %s of %s goes on"
                .formatted(one.get().getExecution().getRunId(), request.workflowId()));
      }
    }
    return asked
        .map(run -> new RunView(Liveness.CLOSED, word(run.getStatus())))
        .orElseGet(() -> new RunView(Liveness.UNKNOWN, "Temporal knows no such run"));
  }

  private static boolean isLive(WorkflowExecutionDescription run, String askingRunId) {
    return run.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
        && !run.getExecution().getRunId().equals(askingRunId);
  }

  private Optional<WorkflowExecutionDescription> describe(WorkflowTargetOptions run) {
    try {
      return Optional.of(client.newUntypedWorkflowStub(run).describe());
    } catch (WorkflowNotFoundException unknown) {
      return Optional.empty();
    }
  }

  private static String word(WorkflowExecutionStatus status) {
    return status.name().replace("WORKFLOW_EXECUTION_STATUS_", "").toLowerCase(Locale.ROOT);
  }
}
