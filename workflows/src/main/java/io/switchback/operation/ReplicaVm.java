package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.operation.Steps.Told;
import io.switchback.port.GuestActivities.AwaitGuest;
import io.switchback.port.GuestActivities.GuestReadiness;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Reverted;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VerifyActivities.CheckResult;
import io.switchback.port.VerifyActivities.Verification;
import io.switchback.port.VerifyActivities.VerifyGuest;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import java.time.Duration;
import java.util.List;

/** The verbs on a replica's own VM: what it stands on, its power, its guest. */
final class ReplicaVm {
  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;
  private final Starting starting;

  ReplicaVm(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = operation.ports();
    this.steps = operation.steps();
    this.starting = new Starting(ports, request);
  }

  /**
   * Waits for a person's word as long as somebody else answers to an address of the replica, which
   * is to start: production itself, or whoever the networks know that are extended already.
   */
  void awaitFreeAddresses() {
    VmStatus[] stopped = new VmStatus[1];
    operation.check(
        Checks.PRODUCTION_STILL_RUNS,
        () -> {
          stopped[0] = lookAtStopped();
          return operation.guard().besideReplica(stopped[0]);
        });
    operation.check(Checks.ADDRESS_TAKEN, () -> operation.networks().takenBefore(stopped[0]));
  }

  /**
   * What the recovery site's hypervisor says of a replica that nobody may run now. One that was
   * powered on by hand is reported, never overwritten.
   */
  private VmStatus lookAtStopped() {
    return steps.step(
        StepKind.LOOK,
        mandate -> {
          VmStatus status =
              ports
                  .vms(recoverySite(), "Look at the replica of " + replica.name())
                  .lookAtVm(new LookAtVm(replica.recovery()));
          if (status.power() != PowerState.OFF) {
            throw new FaultException(
                Fault.WRONG_POWER_STATE,
                "Could not go on with %s: it is %s, and nothing of Switchback powered it on. Power it off, then retry; or abort, and adopt it."
                    .formatted(status.vm(), status.power()));
          }
          return status;
        },
        status -> new Told(false, 0, "is " + status.power()));
  }

  /**
   * What the recovery site's hypervisor says of a replica that somebody has powered on by hand, and
   * from which restore point it runs.
   */
  VmStatus lookAtRunning() {
    Snapshots[] seen = new Snapshots[1];
    VmStatus status =
        steps.step(
            StepKind.LOOK_AT_RUNNING,
            mandate -> {
              VmStatus now =
                  ports
                      .vms(recoverySite(), "Look at the replica of " + replica.name())
                      .lookAtVm(new LookAtVm(replica.recovery()));
              if (now.power() == PowerState.OFF) {
                throw new FaultException(
                    Fault.WRONG_POWER_STATE,
                    "Could not adopt %s: it is off. Abort, and fail it over instead."
                        .formatted(now.vm()));
              }
              seen[0] =
                  ports
                      .snapshots(recoverySite(), "What does " + replica.name() + " run from?")
                      .listSnapshots(new ListSnapshots(replica.recovery()));
              return now;
            },
            now -> new Told(false, 0, "is " + now.power()));
    operation.note(runsFrom(requireNonNull(seen[0])));
    return status;
  }

  private String runsFrom(Snapshots seen) {
    RestorePoint newest = request.member().newest();
    if (newest != null && newest.snapshot().equals(seen.current())) {
      return "runs from restore point %s, and has %d bytes on top of it"
          .formatted(newest.id(), seen.unsavedBytes());
    }
    return "runs from snapshot '%s', which is not its newest restore point; %d bytes are on top of it"
        .formatted(seen.current(), seen.unsavedBytes());
  }

  /** Bytes that the replica has written since its restore point and would lose by a revert. */
  long unsavedBytes() {
    return steps
        .step(
            StepKind.MEASURE_DELTA,
            mandate ->
                ports
                    .snapshots(recoverySite(), "What would be discarded of " + replica.name() + "?")
                    .listSnapshots(new ListSnapshots(replica.recovery())),
            found -> new Told(false, 0, found.unsavedBytes() + " bytes would be discarded"),
            skipped -> new Snapshots(List.of(), "", 0))
        .unsavedBytes();
  }

  void revert(RestorePoint point) {
    Reverted reverted =
        steps.step(
            StepKind.REVERT,
            mandate ->
                ports
                    .snapshots(recoverySite(), "Revert " + replica.name() + " to " + point.id())
                    .revertToSnapshot(
                        new ChangeSnapshot(mandate, replica.recovery(), point.snapshot())),
            r -> new Told(r.changed(), r.attempt(), "at " + point.id()));
    operation.result().discarded(reverted.discardedBytes());
  }

  /**
   * Powers the replica on, once the site has room for one more starting VM, and unless that would
   * make two of it.
   */
  void powerOn() {
    operation.step(
        StepKind.POWER_ON,
        mandate -> {
          awaitTurn();
          return starting.whilePoweringOn(
              () ->
                  ports
                      .vms(recoverySite(), "Power on " + replica.name())
                      .powerOnVm(new ChangePower(mandate, replica.recovery())));
        });
  }

  /** Whether production runs is asked last: the place may have been waited for long. */
  private void awaitTurn() {
    boolean isAlone;
    do {
      steps.await(starting::begin);
      isAlone =
          steps.passes(
              Checks.PRODUCTION_STILL_RUNS, operation.guard()::besideReplica, starting::end);
    } while (!isAlone);
  }

  void powerOff() {
    operation.step(
        StepKind.POWER_OFF,
        mandate ->
            ports
                .vms(recoverySite(), "Power off " + replica.name())
                .powerOffVm(new ChangePower(mandate, replica.recovery())));
  }

  /** Waits for the guest; its place among the starting ones is free afterwards, ready or not. */
  GuestReadiness awaitGuest() {
    GuestReadiness guest =
        steps.step(
            StepKind.AWAIT_GUEST,
            mandate ->
                starting.during(
                    () ->
                        ports
                            .guests(recoverySite(), "Wait for the guest of " + replica.name())
                            .awaitGuest(
                                new AwaitGuest(replica.recovery(), request.pace().bootLimit()))),
            g -> new Told(g.ready(), g.attempt(), g.detail()),
            skipped -> new GuestReadiness(false, ReplicaOperation.words(skipped), null, 0));
    leaveStarting();
    operation.result().ready(guest.ready(), RunClock.now());
    if (!guest.ready()) {
      operation.result().note("not verified: " + guest.detail());
    }
    return guest;
  }

  /** Gives up the place among the starting VMs. */
  void leaveStarting() {
    starting.end();
  }

  /** Waits for the guest of a running replica, extends its networks and verifies it. */
  void serve() {
    GuestReadiness guest = awaitGuest();
    operation.networks().openExtension(Side.RECOVERY);
    operation.networks().openExtension(Side.PRODUCTION);
    verify(guest);
  }

  void verify(GuestReadiness guest) {
    Verification verification =
        steps.step(
            StepKind.VERIFY,
            mandate ->
                ports
                    .verify(recoverySite(), "Verify " + replica.name())
                    .verifyGuest(
                        new VerifyGuest(
                            replica.recovery(), guest.serviceAddress(), request.member().checks())),
            v -> new Told(v.passed(), v.attempt(), v.passed() ? "passed" : "not passed"),
            skipped ->
                new Verification(
                    List.of(
                        new CheckResult(
                            skipped.step(), false, ReplicaOperation.words(skipped), Duration.ZERO)),
                    0));
    operation.result().verification(guest.ready(), verification);
  }

  private String recoverySite() {
    return replica.recovery().site();
  }
}
