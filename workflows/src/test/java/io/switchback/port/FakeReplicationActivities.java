package io.switchback.port;

import io.switchback.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps which loops would have been woken. */
public class FakeReplicationActivities implements ReplicationActivities {
  private final FaultScript script = new FaultScript(Fault.UNEXPECTED);
  private final List<String> woken = new ArrayList<>();
  private final Set<String> running = new HashSet<>();
  private final Map<String, Integer> started = new HashMap<>();

  /** What goes wrong; targets are replica ids. */
  public FaultScript script() {
    return script;
  }

  /** Replica ids, each as often as it was woken. */
  public synchronized List<String> woken() {
    return List.copyOf(woken);
  }

  /** How often a loop of the replica was started. */
  synchronized int started(String replicaId) {
    return started.getOrDefault(replicaId, 0);
  }

  /** Starts the replica's loop, unless it runs. */
  synchronized void start(String replicaId) {
    if (running.add(replicaId)) {
      started.merge(replicaId, 1, Integer::sum);
    }
  }

  /** Lets the replica's loop come to its end. */
  synchronized void end(String replicaId) {
    running.remove(replicaId);
  }

  @Override
  public Done wakeReplication(WakeReplication request) {
    return script.run("wakeReplication", request.replicaId(), () -> wake(request));
  }

  synchronized Done wake(WakeReplication request) {
    start(request.replicaId());
    woken.add(request.replicaId());
    return new Done(true, Attempts.current());
  }

  @Override
  public Done timeSwitch(TimeSwitch request) {
    return script.run("timeSwitch", request.replicaId(), () -> time(request));
  }

  synchronized Done time(TimeSwitch request) {
    start(timerKey(request.replicaId()));
    woken.add(timerKey(request.replicaId()));
    return new Done(true, Attempts.current());
  }

  @Override
  public Done timeWindow(TimeWindow request) {
    return script.run("timeWindow", request.replicaId(), () -> timeTheWindow(request));
  }

  synchronized Done timeTheWindow(TimeWindow request) {
    start(windowKey(request.replicaId()));
    woken.add(windowKey(request.replicaId()));
    return new Done(true, Attempts.current());
  }

  @Override
  public Done extendNetworks(ExtendNetworks request) {
    return script.run("extendNetworks", "" + request.pair(), () -> extend(request));
  }

  synchronized Done extend(ExtendNetworks request) {
    start(pairKey(request.pair()));
    woken.add(pairKey(request.pair()));
    return new Done(true, Attempts.current());
  }

  /** The loop of a pair of networks. */
  static String pairKey(int pair) {
    return "pair " + pair;
  }

  /** A window's timer is another run than that of a switch. */
  static String windowKey(String replicaId) {
    return "window " + replicaId;
  }

  /** A timer is another run than the loop of the same replica. */
  static String timerKey(String replicaId) {
    return "switch " + replicaId;
  }

  /** A group's loop is another one than that of a replica of the same name. */
  static String groupKey(String group) {
    return "group " + group;
  }

  @Override
  public Done wakeGroup(WakeGroup request) {
    return script.run("wakeGroup", request.group(), () -> wakeGroupNow(request));
  }

  synchronized Done wakeGroupNow(WakeGroup request) {
    start(groupKey(request.group()));
    if (request.now()) {
      woken.add(groupKey(request.group()));
    }
    return new Done(true, Attempts.current());
  }
}
