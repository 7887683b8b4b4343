package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A network extension that only counts; no replica needs it unless a test says so. */
public class FakeNetworkExtensionActivities implements NetworkExtensionActivities {
  private final FaultScript script = new FaultScript(Fault.SITE_UNREACHABLE);
  private final Map<Side, Condition> conditions = new EnumMap<>(Side.class);
  final Map<Side, Set<String>> counted = new EnumMap<>(Side.class);
  private final List<Effect> effects = new ArrayList<>();
  private final Set<String> known = new LinkedHashSet<>();
  private boolean reachable = true;

  /** What goes wrong; targets are replica ids. */
  public FaultScript script() {
    return script;
  }

  /** How a side answers from now on. */
  public synchronized void condition(Side side, Condition condition) {
    conditions.put(side, condition);
  }

  /** Lets the recovery site know these VMs alone; before, it knows any. */
  public synchronized void knowOnly(String... vmIds) {
    known.addAll(List.of(vmIds));
  }

  /** Makes the recovery site answer, or not. */
  public synchronized void reachable(boolean answers) {
    reachable = answers;
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
    Attempts.heartbeat(request.side());
    return script.run("openExtension", request.replica().id(), () -> open(request));
  }

  synchronized NetworkState open(OpenExtension request) {
    answer(request.replica().recovery());
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

  private void answer(VmRef vm) {
    if (!known.isEmpty() && !known.contains(vm.id())) {
      throw new FaultException(
          Fault.VM_NOT_FOUND, "Could not find " + vm + ". Check the VM's id at its site.");
    }
    if (!reachable) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE, "Could not reach the recovery site: nobody answers. Wait.");
    }
  }

  @Override
  public ExtensionView lookAtExtension(LookAtExtension request) {
    return script.run("lookAtExtension", request.replica().id(), () -> view(request));
  }

  private synchronized ExtensionView view(LookAtExtension request) {
    boolean in = counted.values().stream().anyMatch(all -> all.contains(request.replica().id()));
    return new ExtensionView(in, conditions.toString());
  }

  @Override
  public Done leaveExtension(LeaveExtension request) {
    Attempts.heartbeat(request.replica().id());
    return script.run("leaveExtension", request.replica().id(), () -> leave(request));
  }

  synchronized Done leave(LeaveExtension request) {
    answer(request.replica().recovery());
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
