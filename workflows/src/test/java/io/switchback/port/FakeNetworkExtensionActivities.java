package io.switchback.port;

import io.switchback.fault.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A network extension that only counts; no replica needs it unless a test says so. */
public final class FakeNetworkExtensionActivities implements NetworkExtensionActivities {
  private final FaultScript script = new FaultScript(Fault.SITE_UNREACHABLE);
  private final Map<Side, Condition> conditions = new EnumMap<>(Side.class);
  private final Map<Side, Set<String>> counted = new EnumMap<>(Side.class);
  private final List<Effect> effects = new ArrayList<>();

  /** What goes wrong; targets are replica ids. */
  public FaultScript script() {
    return script;
  }

  /** How a side answers from now on. */
  public synchronized void condition(Side side, Condition condition) {
    conditions.put(side, condition);
  }

  /** The replicas that are counted in at a side. */
  public synchronized Set<String> counted(Side side) {
    return Set.copyOf(counted.getOrDefault(side, Set.of()));
  }

  /** openExtension and leaveExtension, by replica id. */
  public synchronized List<Effect> effects() {
    return List.copyOf(effects);
  }

  @Override
  public NetworkState openExtension(OpenExtension request) {
    return script.run("openExtension", request.replica().id(), () -> open(request));
  }

  private synchronized NetworkState open(OpenExtension request) {
    Condition condition = conditions.getOrDefault(request.side(), Condition.NOT_NEEDED);
    boolean isNew =
        condition != Condition.NOT_NEEDED
            && counted
                .computeIfAbsent(request.side(), side -> new LinkedHashSet<>())
                .add(request.replica().id());
    if (isNew) {
      effects.add(Effect.by(request.mandate(), "openExtension", request.replica().id()));
    }
    return new NetworkState(request.side(), condition, "As the test says.", Attempts.current());
  }

  @Override
  public Done leaveExtension(LeaveExtension request) {
    return script.run("leaveExtension", request.replica().id(), () -> leave(request));
  }

  private synchronized Done leave(LeaveExtension request) {
    boolean changed = false;
    for (Set<String> replicas : counted.values()) {
      changed |= replicas.remove(request.replica().id());
    }
    if (changed) {
      effects.add(Effect.by(request.mandate(), "leaveExtension", request.replica().id()));
    }
    return new Done(changed, Attempts.current());
  }
}
