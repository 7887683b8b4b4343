package io.switchback.worker.run;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.switchback.model.VmRef;
import io.switchback.port.Payloads;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import java.util.List;
import java.util.Optional;

/** How far transfers are, from the heartbeats that Temporal has. */
public final class RunningTransfers {
  private final WorkflowClient temporal;

  public RunningTransfers(WorkflowClient temporal) {
    this.temporal = temporal;
  }

  /**
   * The transfers to one VM that a loop waits for now; none where there is no such loop, or no
   * heartbeat yet.
   *
   * @param loop workflow id
   */
  public List<Progress> of(String loop, VmRef replica) {
    return pending(loop).stream()
        .filter(activity -> activity.getActivityType().getName().equals("TransferDisk"))
        .flatMap(activity -> progress(activity).stream())
        .filter(progress -> replica.equals(progress.replica()))
        .toList();
  }

  private List<PendingActivityInfo> pending(String loop) {
    try {
      return temporal
          .getWorkflowServiceStubs()
          .blockingStub()
          .describeWorkflowExecution(
              DescribeWorkflowExecutionRequest.newBuilder()
                  .setNamespace(temporal.getOptions().getNamespace())
                  .setExecution(WorkflowExecution.newBuilder().setWorkflowId(loop))
                  .build())
          .getPendingActivitiesList();
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return List.of();
      }
      throw failure;
    }
  }

  private static Optional<Progress> progress(PendingActivityInfo activity) {
    if (activity.getHeartbeatDetails().getPayloadsCount() == 0) {
      return Optional.empty();
    }
    // Before its first look a transfer heartbeats with a sentence.
    byte[] told = activity.getHeartbeatDetails().getPayloads(0).getData().toByteArray();
    return told.length == 0 || told[0] != '{'
        ? Optional.empty()
        : Optional.ofNullable(
            Payloads.converter()
                .fromPayload(
                    activity.getHeartbeatDetails().getPayloads(0), Progress.class, Progress.class));
  }
}
