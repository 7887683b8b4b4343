package io.switchback.worker;

import io.switchback.model.Pace;
import io.switchback.operation.GroupReplication;
import io.switchback.operation.GroupReplicationRequest;
import io.switchback.operation.NetworkExtension;
import io.switchback.operation.NetworkExtensionRequest;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationRequest;
import io.switchback.operation.SwitchTimer;
import io.switchback.operation.SwitchTimerRequest;
import io.switchback.operation.WindowTimer;
import io.switchback.operation.WindowTimerRequest;
import io.switchback.port.Done;
import io.switchback.port.Queues;
import io.switchback.port.ReplicationActivities;
import io.temporal.activity.Activity;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.util.function.Function;

/** Wakes and starts loops and timers through Temporal itself. */
public final class TemporalReplicationActivities implements ReplicationActivities {
  private final WorkflowClient client;
  private final Function<String, Pace> pace;

  /**
   * @param pace of a loop that must be started, by replica id
   */
  public TemporalReplicationActivities(WorkflowClient client, Function<String, Pace> pace) {
    this.client = client;
    this.pace = pace;
  }

  @Override
  public Done wakeReplication(WakeReplication request) {
    wake(
        client,
        new ReplicationRequest(request.replicaId(), request.vm(), pace.apply(request.replicaId())));
    return new Done(true, Activity.getExecutionContext().getInfo().getAttempt());
  }

  @Override
  public Done wakeGroup(WakeGroup request) {
    WorkflowOptions options =
        WorkflowOptions.newBuilder()
            .setTaskQueue(Queues.SWITCHBACK)
            .setWorkflowId(GroupReplication.workflowId(request.group()))
            .setWorkflowIdConflictPolicy(
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
            .setStaticSummary("replicate group " + request.group())
            .build();
    WorkflowStub loop = client.newUntypedWorkflowStub(GroupReplication.TYPE, options);
    GroupReplicationRequest begin = new GroupReplicationRequest(request.group());
    if (request.now()) {
      loop.signalWithStart(GroupReplication.WAKE, new Object[] {}, new Object[] {begin});
    } else {
      loop.start(begin);
    }
    return new Done(true, Activity.getExecutionContext().getInfo().getAttempt());
  }

  @Override
  public Done timeSwitch(TimeSwitch request) {
    client
        .newUntypedWorkflowStub(
            SwitchTimer.TYPE,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(SwitchTimer.workflowId(request.replicaId()))
                .setStaticSummary("switch over " + request.vm() + " at its time")
                .build())
        .signalWithStart(
            request.again() ? SwitchTimer.WAKE : SwitchTimer.LOOK,
            new Object[] {},
            new Object[] {new SwitchTimerRequest(request.replicaId(), request.vm())});
    return new Done(true, Activity.getExecutionContext().getInfo().getAttempt());
  }

  @Override
  public Done timeWindow(TimeWindow request) {
    client
        .newUntypedWorkflowStub(
            WindowTimer.TYPE,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(WindowTimer.workflowId(request.replicaId()))
                .setStaticSummary("window of " + request.vm())
                .build())
        .signalWithStart(
            WindowTimer.LOOK,
            new Object[] {},
            new Object[] {new WindowTimerRequest(request.replicaId(), request.vm())});
    return new Done(true, Activity.getExecutionContext().getInfo().getAttempt());
  }

  @Override
  public Done extendNetworks(ExtendNetworks request) {
    client
        .newUntypedWorkflowStub(
            NetworkExtension.TYPE,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(NetworkExtension.workflowId(request.pair()))
                .setStaticSummary("extend network pair " + request.pair())
                .build())
        .signalWithStart(
            NetworkExtension.WAKE,
            new Object[] {},
            new Object[] {new NetworkExtensionRequest(request.pair())});
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
