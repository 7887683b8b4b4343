package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.FailbackActivities.DescribeFailback;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import io.temporal.failure.ActivityFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The VM that a replica's data go back to, as it is found.
 *
 * @param failback that is open
 * @param vm null when its site does not answer for it
 * @param snapshots of it; null when its site does not answer for it
 * @param isGone whether its site answers that there is no such VM
 */
record TargetSeen(
    Failback failback, @Nullable VmStatus vm, @Nullable Snapshots snapshots, boolean isGone) {

  /**
   * Looks at the failback that is open and at its target.
   *
   * @param notes takes why the target could not be asked
   * @return null when the registry knows no failback
   */
  static @Nullable TargetSeen look(Ports ports, Replica replica, Consumer<String> notes) {
    Failback open =
        ports
            .failbacks("Is a failback of " + replica.name() + " open?")
            .describeFailback(new DescribeFailback(replica.id()))
            .failback();
    if (open == null) {
      return null;
    }
    VmRef vm = open.target();
    try {
      return new TargetSeen(
          open,
          ports
              .vmsIfReachable(vm.site(), "What is " + vm.name() + ", where the data go back to?")
              .lookAtVm(new LookAtVm(vm)),
          ports
              .snapshotsIfReachable(vm.site(), "What does " + vm.name() + " stand on?")
              .listSnapshots(new ListSnapshots(vm)),
          false);
    } catch (ActivityFailure unreachable) {
      Cancellation.rethrow(unreachable);
      FaultException fault = Failures.toFault(unreachable);
      boolean isGone = fault.fault() == Fault.VM_NOT_FOUND;
      if (!isGone || !open.makesTarget()) {
        notes.accept("%s could not be looked at: %s".formatted(vm, fault.sentence()));
      }
      return new TargetSeen(open, null, null, isGone);
    }
  }

  boolean answers() {
    return vm != null && snapshots != null;
  }

  boolean runs() {
    return vm != null && vm.power() != PowerState.OFF;
  }

  /** Whether the registry names it as production already. */
  boolean isSwitched() {
    return failback.protectivePoint() != null;
  }

  /**
   * Whether the snapshot is there that holds what it was before the failback; of one that the
   * failback has made, whether it is still marked, so that it can be taken away.
   */
  boolean isProtected() {
    if (failback.makesTarget()) {
      return vm != null && vm.replicaId().equals(failback.targetSnapshot());
    }
    return snapshots != null && snapshots.names().contains(failback.targetSnapshot());
  }

  /**
   * Whether its disks surely hold what the switch has sent, with all that was written since. Where
   * they equal its own snapshot, they are held for put back: both hold the same bytes then. One
   * that the failback has made holds it as long as it is there.
   */
  boolean holdsTheSwitch() {
    if (failback.makesTarget()) {
      return isSwitched() && isProtected();
    }
    return snapshots != null
        && isSwitched()
        && isProtected()
        && !(snapshots.current().equals(failback.targetSnapshot())
            && snapshots.unsavedBytes() == 0);
  }

  /**
   * Whether it is off and stands on what the last synchronisation has left, so that the next one
   * can go on from there. What somebody wrote on top of it is overwritten then.
   */
  boolean standsAtRound() {
    Round round = failback.round();
    return round != null
        && snapshots != null
        && !runs()
        && isProtected()
        && snapshots.current().equals(Synchronisation.markOf(round));
  }

  /** For people, after what the production VM is. */
  String words() {
    List<String> words = new ArrayList<>();
    words.add(isSwitched() ? "is production in the registry" : "not switched over yet");
    words.add(failback.round() == null ? "not synchronised yet" : "synchronised");
    if (snapshots == null) {
      words.add(isGone ? "is not there" : "does not answer");
    } else if (failback.makesTarget()) {
      words.add("it stands on '%s'".formatted(snapshots.current()));
      words.add(
          isProtected() ? "it is marked as what the failback made" : "it is nobody's any more");
    } else {
      words.add("it stands on '%s'".formatted(snapshots.current()));
      words.add(isProtected() ? "its own snapshot is there" : "its own snapshot is not there");
    }
    return "a failback to %s is open: %s".formatted(failback.target(), String.join("; ", words));
  }
}
