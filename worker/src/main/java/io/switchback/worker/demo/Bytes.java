package io.switchback.worker.demo;

import io.switchback.model.Replica;
import io.switchback.operation.Replication;
import io.switchback.port.Payloads;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import java.util.Optional;

/** How far the transfers of a replica are, from the heartbeats that Temporal has. */
final class Bytes {
  private final WorkflowClient temporal;

  Bytes(WorkflowClient temporal) {
    this.temporal = temporal;
  }

  /** The progress of the transfer that runs now; empty when none does. */
  Optional<Progress> of(Replica replica) {
    return temporal
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(temporal.getOptions().getNamespace())
                .setExecution(
                    WorkflowExecution.newBuilder()
                        .setWorkflowId(Replication.workflowId(replica.id())))
                .build())
        .getPendingActivitiesList()
        .stream()
        .filter(activity -> activity.getActivityType().getName().equals("TransferDisk"))
        .flatMap(activity -> progress(activity).stream())
        .findFirst();
  }

  private static Optional<Progress> progress(PendingActivityInfo activity) {
    if (activity.getHeartbeatDetails().getPayloadsCount() == 0) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        Payloads.converter()
            .fromPayload(
                activity.getHeartbeatDetails().getPayloads(0), Progress.class, Progress.class));
  }
}
