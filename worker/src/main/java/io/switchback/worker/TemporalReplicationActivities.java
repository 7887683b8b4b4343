package io.switchback.worker;

import io.switchback.model.Pace;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationRequest;
import io.switchback.port.Done;
import io.switchback.port.Queues;
import io.switchback.port.ReplicationActivities;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.util.function.Supplier;

/** Wakes and starts replication loops through Temporal itself. */
public final class TemporalReplicationActivities implements ReplicationActivities {
  private final WorkflowClient client;
  private final Supplier<Pace> pace;

  /**
   * @param pace of loops that must be started
   */
  public TemporalReplicationActivities(WorkflowClient client, Supplier<Pace> pace) {
    this.client = client;
    this.pace = pace;
  }

  @Override
  public Done wakeReplication(WakeReplication request) {
    wake(client, new ReplicationRequest(request.replicaId(), request.vm(), pace.get()));
    return new Done(true, Activity.getExecutionContext().getInfo().getAttempt());
  }

  /** Wakes the loop, and starts it when it does not run. */
  public static void wake(WorkflowClient client, ReplicationRequest request) {
    WorkflowStub loop =
        client.newUntypedWorkflowStub(
            Replication.TYPE,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(Replication.workflowId(request.replicaId()))
                .setStaticSummary("replicate " + request.vm())
                .build());
    loop.signalWithStart(Replication.WAKE, new Object[] {}, new Object[] {request});
  }
}
