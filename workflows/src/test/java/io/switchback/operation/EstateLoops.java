package io.switchback.operation;

import io.switchback.port.Done;
import io.switchback.port.ReplicationActivities;
import io.temporal.client.WorkflowNotFoundException;

/** Wakes loops that run; starts none of a replica, because most tests are not about them. */
final class EstateLoops implements ReplicationActivities {
  private final Estate estate;

  EstateLoops(Estate estate) {
    this.estate = estate;
  }

  @Override
  public Done wakeReplication(WakeReplication request) {
    estate.woken.add(request.replicaId());
    return wake(Replication.workflowId(request.replicaId()), Replication.WAKE);
  }

  @Override
  public Done wakeGroup(WakeGroup request) {
    estate.woken.add(request.group());
    return request.now()
        ? wake(GroupReplication.workflowId(request.group()), GroupReplication.WAKE)
        : new Done(false, 1);
  }

  @Override
  public Done timeSwitch(TimeSwitch request) {
    var _ = estate.loops.timeSwitch(request);
    estate.wake(
        SwitchTimer.TYPE,
        SwitchTimer.workflowId(request.replicaId()),
        request.again() ? SwitchTimer.WAKE : SwitchTimer.LOOK,
        new SwitchTimerRequest(request.replicaId(), request.vm()));
    return new Done(true, 1);
  }

  @Override
  public Done timeWindow(TimeWindow request) {
    var _ = estate.loops.timeWindow(request);
    estate.wake(
        WindowTimer.TYPE,
        WindowTimer.workflowId(request.replicaId()),
        WindowTimer.LOOK,
        new WindowTimerRequest(request.replicaId(), request.vm()));
    return new Done(true, 1);
  }

  @Override
  public Done extendNetworks(ExtendNetworks request) {
    var _ = estate.loops.extendNetworks(request);
    estate.wake(
        NetworkExtension.TYPE,
        NetworkExtension.workflowId(request.pair()),
        NetworkExtension.WAKE,
        new NetworkExtensionRequest(request.pair()));
    return new Done(true, 1);
  }

  private Done wake(String workflowId, String signal) {
    try {
      estate.client().newUntypedWorkflowStub(workflowId).signal(signal);
      return new Done(true, 1);
    } catch (WorkflowNotFoundException noLoop) {
      return new Done(false, 1);
    }
  }
}
