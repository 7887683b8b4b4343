package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Failback;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a person's word before a VM is powered on while its twin still runs at its addresses: a
 * replica beside production, or production beside its replica. It is asked by the power-on itself,
 * each time that is tried: whatever the run has waited for before, somebody may have powered the
 * twin on meanwhile.
 */
final class AddressGuard {
  /**
   * A site that did not answer is not asked again at once: a disaster must not wait for it twice.
   */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final ReplicaOperation operation;
  private final Replica replica;
  private final Ports ports;
  private final Map<VmRef, Instant> silent = new HashMap<>();
  private final Set<VmRef> toldOf = new HashSet<>();
  private @Nullable Failback failback;

  AddressGuard(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.replica = request.member().replica();
    this.ports = operation.ports();
  }

  /** The VM that the data go back to may be production as well. */
  void goesBackTo(Failback open) {
    failback = open;
  }

  /** What stands in the way of the replica, which is to start. */
  Optional<String> besideReplica() {
    VmStatus starting = look(replica.recovery());
    return starts(starting) ? production(replica.recovery(), starting) : Optional.empty();
  }

  /** The same for one that was looked at just now. */
  Optional<String> besideReplica(VmStatus starting) {
    return production(starting.vm(), starting);
  }

  /** Waits for a word before a VM at production's site starts in its replica's place. */
  void beforeProduction(VmRef vm) {
    operation.check(
        Checks.REPLICA_STILL_RUNS,
        () -> {
          VmStatus starting = look(vm);
          return starts(starting)
              ? first(vm, starting, List.of(replica.recovery()))
              : Optional.empty();
        });
    if (productions(vm).isEmpty()) {
      return;
    }
    operation.check(
        Checks.PRODUCTION_STILL_RUNS,
        () -> {
          VmStatus starting = look(vm);
          return starts(starting) ? production(vm, starting) : Optional.empty();
        });
  }

  /** One that runs already starts no more. */
  private static boolean starts(@Nullable VmStatus vm) {
    return vm == null || vm.power() != PowerState.ON;
  }

  private Optional<String> production(VmRef vm, @Nullable VmStatus starting) {
    return first(vm, starting, productions(vm));
  }

  /** Every VM that production is, was, or is to be, but {@code starting}. */
  private List<VmRef> productions(VmRef starting) {
    List<VmRef> all = new ArrayList<>(List.of(replica.production()));
    Failback open = failback;
    if (open != null) {
      all.add(open.target());
      all.add(open.before());
    }
    List<VmRef> others = new ArrayList<>();
    for (VmRef vm : all) {
      if (!isSame(vm, starting) && others.stream().noneMatch(other -> isSame(vm, other))) {
        others.add(vm);
      }
    }
    return others;
  }

  private static boolean isSame(VmRef one, VmRef other) {
    return one.site().equals(other.site()) && one.id().equals(other.id());
  }

  private Optional<String> first(VmRef vm, @Nullable VmStatus starting, List<VmRef> twins) {
    for (VmRef twin : twins) {
      VmStatus seen = look(twin);
      Optional<String> found =
          seen == null ? Optional.empty() : Twin.stillServes(vm, starting, seen);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Null when it cannot be asked, which a disaster makes normal. */
  private @Nullable VmStatus look(VmRef vm) {
    Instant since = silent.get(vm);
    if (since != null && RunClock.now().isBefore(since.plus(SILENCE))) {
      return null;
    }
    try {
      VmStatus seen =
          ports
              .vmsIfReachable(vm.site(), "Does " + vm.name() + " run at " + vm.site() + "?")
              .lookAtVm(new LookAtVm(vm));
      silent.remove(vm);
      return seen;
    } catch (ActivityFailure unreachable) {
      silent.put(vm, RunClock.now());
      tell(vm, Failures.toFault(unreachable));
      return null;
    }
  }

  private void tell(VmRef vm, FaultException fault) {
    // A failback may have removed what it made, and what was production may be long gone.
    boolean isGone = fault.fault() == Fault.VM_NOT_FOUND && failback != null;
    if (!isGone && toldOf.add(vm)) {
      operation.note(
          "%s could not be asked whether it still runs: %s".formatted(words(vm), fault.sentence()));
    }
  }

  private String words(VmRef vm) {
    return vm.equals(replica.production())
        ? "production"
        : vm.equals(replica.recovery()) ? "the replica" : vm.toString();
  }
}
