package io.switchback.port;

import io.switchback.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/** Keeps which loops would have been woken. */
public final class FakeReplicationActivities implements ReplicationActivities {
  private final FaultScript script = new FaultScript(Fault.UNEXPECTED);
  private final List<String> woken = new ArrayList<>();

  /** What goes wrong; targets are replica ids. */
  public FaultScript script() {
    return script;
  }

  /** Replica ids, each as often as it was woken. */
  public synchronized List<String> woken() {
    return List.copyOf(woken);
  }

  @Override
  public Done wakeReplication(WakeReplication request) {
    return script.run("wakeReplication", request.replicaId(), () -> wake(request));
  }

  private synchronized Done wake(WakeReplication request) {
    woken.add(request.replicaId());
    return new Done(true, Attempts.current());
  }
}
