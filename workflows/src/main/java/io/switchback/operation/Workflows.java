package io.switchback.operation;

import java.util.List;

/** What a worker of the queue {@code switchback} registers; a test holds it against the code. */
public final class Workflows {
  public static final List<Class<?>> ALL =
      List.of(
          PartialFailoverWorkflow.class,
          PartialFailoverOfReplicaWorkflow.class,
          FullSiteFailoverWorkflow.class,
          FullSiteFailoverOfReplicaWorkflow.class,
          PlannedFailoverWorkflow.class,
          PlannedFailoverOfReplicaWorkflow.class,
          UndoFailoverWorkflow.class,
          UndoFailoverOfReplicaWorkflow.class,
          PermanentFailoverWorkflow.class,
          PermanentFailoverOfReplicaWorkflow.class,
          FailbackWorkflow.class,
          FailbackOfReplicaWorkflow.class,
          SwitchOverWorkflow.class,
          SwitchOverOfReplicaWorkflow.class,
          MoveSwitchOfReplicaWorkflow.class,
          ResynchroniseFailbackWorkflow.class,
          ResynchroniseFailbackOfReplicaWorkflow.class,
          SwitchTimerWorkflow.class,
          WindowTimerWorkflow.class,
          NetworkExtensionWorkflow.class,
          CancelFailbackWorkflow.class,
          CancelFailbackOfReplicaWorkflow.class,
          CommitFailbackWorkflow.class,
          CommitFailbackOfReplicaWorkflow.class,
          UndoFailbackWorkflow.class,
          UndoFailbackOfReplicaWorkflow.class,
          IsolateWorkflow.class,
          IsolateOfReplicaWorkflow.class,
          ReconnectWorkflow.class,
          ReconnectOfReplicaWorkflow.class,
          AdoptWorkflow.class,
          AdoptOfReplicaWorkflow.class,
          ReconcileWorkflow.class,
          ReconcileOfReplicaWorkflow.class,
          ProtectWorkflow.class,
          ProtectVmWorkflow.class,
          UnprotectWorkflow.class,
          UnprotectReplicaWorkflow.class,
          ReconfigureWorkflow.class,
          ReconfigureReplicaWorkflow.class,
          NewcomersWorkflow.class,
          ReplicationWorkflow.class,
          SiteCheckWorkflow.class,
          GroupReplicationWorkflow.class,
          DefineGroupWorkflow.class);

  private Workflows() {}
}
