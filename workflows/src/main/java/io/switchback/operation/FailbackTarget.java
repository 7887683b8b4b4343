package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.operation.Steps.Told;
import io.switchback.port.Done;
import io.switchback.port.FailbackActivities.BeginFailback;
import io.switchback.port.FailbackActivities.DescribeFailback;
import io.switchback.port.FailbackActivities.EndFailback;
import io.switchback.port.TransferActivities.FenceOff;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The verbs on the VM that a replica's data go back to. What the VM was before is in a snapshot of
 * its own and in the registry, until commit, undo or cancel.
 */
final class FailbackTarget {
  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;
  private final MadeTarget made;
  private final TargetSnapshots snapshots;
  private @Nullable PlannedLocation location;
  private @Nullable Failback failback;
  private Before before = Before.UNKNOWN;
  private boolean isLeft;

  /** What is known of the snapshot that holds what the VM was. */
  private enum Before {
    /** Nothing was written to the VM yet. */
    NOT_NEEDED,
    /** It was taken, and the failback is still open: it must be there. */
    TAKEN,
    /** It may be gone because the VM was put back already. */
    UNKNOWN
  }

  FailbackTarget(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = operation.ports();
    this.steps = operation.steps();
    this.made = new MadeTarget(operation, replica);
    this.snapshots = new TargetSnapshots(operation, replica, this::vm);
  }

  /**
   * Refuses a new location that production's site cannot offer, before anything is written.
   *
   * @throws FaultException INVALID_INPUT that lists every mistake
   */
  void plan(FailbackAsked asked) {
    NewLocation wanted = asked.location();
    if (wanted != null) {
      location =
          new LocationPreflight(ports, replica, operation::note).plan(wanted, asked.powerOn());
    }
  }

  /** Writes down what the data go back to, before anything of it is changed. */
  void begin(FailbackAsked asked) {
    PlannedLocation planned = location;
    Failback begun =
        planned == null
            ? new TargetChoice(operation, request).find(asked)
            : made.planned(asked, planned, request.operationId());
    operation.undo(this::end);
    write(StepKind.BEGIN_FAILBACK, begun);
    know(begun);
    before = Before.NOT_NEEDED;
  }

  private void write(StepKind kind, Failback known) {
    operation.step(
        kind,
        mandate ->
            ports
                .failbacks("Write down what " + replica.name() + " goes back to")
                .beginFailback(new BeginFailback(mandate, replica.id(), known)));
  }

  /** Reads what an earlier operation has begun. */
  Failback read() {
    Failback known =
        steps.step(
            StepKind.READ_FAILBACK,
            mandate -> {
              Failback answer =
                  ports
                      .failbacks("What does " + replica.name() + " go back to?")
                      .describeFailback(new DescribeFailback(replica.id()))
                      .failback();
              if (answer == null) {
                throw new FaultException(
                    Fault.REFUSED,
                    "Could not go on with the failback of '%s': the registry knows none. Abort, and look at the audit."
                        .formatted(replica.name()));
              }
              return answer;
            },
            answer -> new Told(false, 0, "goes back to " + answer.target()));
    know(known);
    before = Before.TAKEN;
    return known;
  }

  /** Goes on with what somebody else has read. */
  void goOnFrom(Failback open) {
    know(open);
  }

  private void know(Failback open) {
    failback = open;
    operation.guard().goesBackTo(open);
  }

  /** The failback as it was begun or read. */
  Failback failback() {
    return requireNonNull(failback, "is begun or read first");
  }

  private VmRef vm() {
    return failback().target();
  }

  /** Keeps a synchronisation that is still on its way from writing to the VM's disks. */
  void fenceOff() {
    Replica home =
        new Replica(
            replica.id(),
            replica.name(),
            /* production= */ replica.recovery(),
            /* recovery= */ vm(),
            failback().disks().stream().map(DiskPair::reversed).toList(),
            replica.networks());
    operation.step(
        StepKind.FENCE_OFF_TARGET,
        mandate ->
            ports
                .fences(vm().site(), "Fence off a running synchronisation of " + vm().name())
                .fenceOff(new FenceOff(mandate, home)));
  }

  /** Makes the VM, or keeps the one that is there as it is. */
  void prepare() {
    if (failback().makesTarget()) {
      place(requireNonNull(location, "is planned before it is begun"));
    } else {
      protect();
    }
  }

  private void place(PlannedLocation planned) {
    operation.undo(this::putBack);
    Failback placed = made.place(failback(), planned);
    write(StepKind.NAME_TARGET, placed);
    know(placed);
  }

  /** Powers the VM off and snapshots it; each is put back when the operation is undone. */
  private void protect() {
    operation.undo(this::restart);
    operation.step(
        StepKind.POWER_OFF_TARGET,
        mandate ->
            ports
                .vms(vm().site(), "Power off " + vm().name() + ", which is to be synchronised")
                .powerOffVm(new ChangePower(mandate, vm())));
    operation.undo(this::putBack);
    snapshots.take(failback().targetSnapshot());
    before = Before.TAKEN;
  }

  /**
   * The VM must be off, and as the last synchronisation has left it: nobody else may have started
   * it meanwhile.
   */
  void lookAtStopped() {
    steps.step(
        StepKind.LOOK_AT_TARGET,
        mandate -> {
          VmStatus seen = look();
          if (seen.power() != PowerState.OFF) {
            throw new FaultException(
                Fault.WRONG_POWER_STATE,
                "Could not go on with the failback of '%s': %s is %s, and nothing of Switchback powered it on. Power it off, then retry; what it wrote is overwritten."
                    .formatted(replica.name(), seen.vm(), seen.power()));
          }
          return seen;
        },
        seen -> new Told(false, 0, "is " + seen.power()));
  }

  private VmStatus look() {
    return ports
        .vms(vm().site(), "Look at " + vm().name() + ", where the data go back to")
        .lookAtVm(new LookAtVm(vm()));
  }

  /** The VM is production from now on: what Switchback has unplugged of it is plugged in. */
  void plugIn() {
    operation.networks().plugIn(vm());
  }

  /** Powers the VM on in its replica's place, and in that of the production VM that was. */
  void powerOn() {
    operation.step(StepKind.POWER_ON_TARGET, this::start);
  }

  private Done start(Mandate mandate) {
    operation.guard().beforeProduction(vm());
    return ports
        .vms(vm().site(), "Power on " + vm().name())
        .powerOnVm(new ChangePower(mandate, vm()));
  }

  /** What the failback has sent to the VM and it has written since: gone once it is put back. */
  void nameTheLoss() {
    snapshots.nameTheLoss();
  }

  /**
   * The VM's disks are what they were before the failback, and no snapshot of ours is left; one
   * that the failback has made is gone. From then on there is no way back, also where a person has
   * left the VM as it is.
   */
  void putBack() {
    if (failback().makesTarget()) {
      made.remove(failback());
      return;
    }
    Optional<List<String>> there = snapshots.list();
    isLeft = there.isEmpty() && before != Before.NOT_NEEDED;
    there.ifPresent(this::putBack);
    steps.pointOfNoReturn();
  }

  private void putBack(List<String> there) {
    String own = failback().targetSnapshot();
    // Where it should be there and is not, the step itself says so, and parks.
    if (before == Before.TAKEN || there.contains(own)) {
      operation.step(
          StepKind.STOP_TARGET,
          mandate ->
              ports
                  .vms(vm().site(), "Power off " + vm().name() + ", which is to be put back")
                  .powerOffVm(new ChangePower(mandate, vm())));
      isLeft = !snapshots.restore(own);
    }
    // Its own goes last: until then the VM can be put back once more.
    there.stream().filter(name -> !name.equals(own)).forEach(snapshots::remove);
    if (!isLeft) {
      there.stream().filter(own::equals).forEach(snapshots::remove);
    }
  }

  /** The VM that the failback has made is off, and keeps what it holds. */
  void stop() {
    steps.pointOfNoReturn();
    made.stop(failback());
  }

  /** The VM keeps what it holds, and no snapshot or mark of ours. */
  void release() {
    snapshots.ours().forEach(snapshots::remove);
    steps.pointOfNoReturn();
    if (failback().makesTarget()) {
      made.leave(failback());
    }
  }

  /** The VM's snapshots that Switchback has made. */
  TargetSnapshots snapshots() {
    return snapshots;
  }

  /**
   * Powers the VM on again if it ran before the failback; never a half-way copy. If it was isolated
   * then, it is isolated first.
   */
  void restart() {
    if (failback().targetIsolated()) {
      operation.networks().unplug(vm());
    }
    if (!failback().targetRan()) {
      return;
    }
    if (isLeft) {
      operation.note(
          "%s ran before the failback, and is not powered on: it was not put back".formatted(vm()));
      return;
    }
    operation.step(StepKind.RESTART_TARGET, this::start);
  }

  /** The registry forgets the failback, and what it has changed there. */
  void end() {
    end(false);
  }

  /** The registry keeps what the failback has made. */
  void commit() {
    end(true);
  }

  private void end(boolean committed) {
    operation.step(
        StepKind.END_FAILBACK,
        mandate ->
            ports
                .failbacks("The failback of " + replica.name() + " is over")
                .endFailback(
                    new EndFailback(
                        mandate, replica.id(), committed, request.by(), request.reason())));
  }
}
