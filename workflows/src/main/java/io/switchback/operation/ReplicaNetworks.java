package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.model.VmSide;
import io.switchback.operation.Steps.Told;
import io.switchback.port.Done;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.VmActivities.ChangeNetworks;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import java.util.Optional;
import java.util.function.Function;

/** The verbs on the networks of a replica and of its production VM. */
final class ReplicaNetworks {
  private final ReplicaOperation operation;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;
  private final ReplicaPairs pairs;

  ReplicaNetworks(ReplicaOperation operation, Replica replica) {
    this.operation = operation;
    this.replica = replica;
    this.ports = operation.ports();
    this.steps = operation.steps();
    this.pairs = new ReplicaPairs(operation, replica);
  }

  VmRef vmAt(VmSide side) {
    return side == VmSide.PRODUCTION ? replica.production() : replica.recovery();
  }

  /**
   * The VM on that side, as it is found. One that is off is refused: there is nothing to isolate.
   */
  VmRef toBeIsolated(VmSide side) {
    VmRef vm = vmAt(side);
    VmStatus status =
        steps.step(
            StepKind.LOOK_BEFORE_ISOLATING,
            mandate -> {
              VmStatus seen =
                  ports
                      .vms(vm.site(), "Is " + vm.name() + " to be isolated?")
                      .lookAtVm(new LookAtVm(vm));
              if (seen.power() == PowerState.OFF) {
                throw new FaultException(
                    Fault.WRONG_POWER_STATE,
                    "Could not isolate the %s %s: it is off, and cannot be reached anyway. Abort; say \"side\":\"%s\" if you mean the other one."
                        .formatted(side.word(), vm, other(side).word()));
              }
              return seen;
            },
            seen -> new Told(false, 0, words(side, vm) + " is " + seen.power()));
    return status.vm();
  }

  void isolate(VmSide side, VmRef vm) {
    var _ =
        plug(
            StepKind.ISOLATE,
            side,
            vm,
            mandate ->
                ports
                    .vms(vm.site(), "Take " + words(side, vm) + " off its networks")
                    .isolateVm(new ChangeNetworks(mandate, vm)));
    operation.note(words(side, vm) + " is off its networks");
  }

  /** Puts a VM back on the networks that it was taken off. */
  void reconnect(VmSide side, VmRef vm) {
    var _ =
        plug(
            StepKind.RECONNECT,
            side,
            vm,
            mandate ->
                ports
                    .vms(vm.site(), "Put " + words(side, vm) + " back on its networks")
                    .reconnectVm(new ChangeNetworks(mandate, vm)));
    operation.note(words(side, vm) + " is on its networks");
  }

  /** What is production from now on is on the networks that Switchback has taken it off. */
  void plugIn(VmRef target) {
    Done plugged =
        plug(
            StepKind.PLUG_IN_TARGET,
            VmSide.PRODUCTION,
            target,
            mandate ->
                ports
                    .vms(target.site(), "Plug " + target.name() + " in, if it was isolated")
                    .reconnectVm(new ChangeNetworks(mandate, target)));
    if (plugged.changed()) {
      operation.note(
          words(VmSide.PRODUCTION, target) + " was isolated, and is on its networks again");
    }
  }

  /** What was isolated before a failback is off its networks again before it may run. */
  void unplug(VmRef target) {
    var _ =
        plug(
            StepKind.UNPLUG_TARGET,
            VmSide.PRODUCTION,
            target,
            mandate ->
                ports
                    .vms(target.site(), "Isolate " + target.name() + ", as it was")
                    .isolateVm(new ChangeNetworks(mandate, target)));
  }

  /** The audit names the side: what is isolated is shown from it, for as long as it is. */
  private Done plug(StepKind kind, VmSide side, VmRef vm, Function<Mandate, Done> act) {
    return steps.step(
        kind,
        act,
        done -> new Told(done.changed(), done.attempt(), words(side, vm)),
        skipped -> new Done(false, 0));
  }

  /** Who has an address of the replica in a network that is extended already. */
  Optional<String> takenBefore(VmStatus stopped) {
    return pairs.takenBefore(stopped.addresses());
  }

  /**
   * Counts the replica in, and waits for that side, but not for long. An address that somebody at
   * production has stays closed until a person has said otherwise.
   */
  void openExtension(Side side) {
    open(side, mandate -> side == Side.RECOVERY ? join(mandate) : pairs.await(side));
    if (side == Side.PRODUCTION) {
      operation.check(Checks.ADDRESS_TAKEN, pairs::taken);
      if (pairs.isToBeOpened()) {
        open(side, pairs::openTaken);
      }
    }
  }

  private void open(Side side, Function<Mandate, NetworkState> act) {
    NetworkState state =
        steps.step(
            side == Side.RECOVERY
                ? StepKind.OPEN_EXTENSION_RECOVERY
                : StepKind.OPEN_EXTENSION_PRODUCTION,
            act,
            s ->
                new Told(
                    s.condition() != Condition.NOT_NEEDED,
                    s.attempt(),
                    s.condition() + ": " + s.detail()),
            skipped ->
                new NetworkState(side, Condition.DEGRADED, ReplicaOperation.words(skipped), 0));
    operation.result().network(state);
  }

  private NetworkState join(Mandate mandate) {
    VmStatus seen =
        ports
            .vms(recoverySite(), "Which addresses does " + replica.name() + " have?")
            .lookAtVm(new LookAtVm(replica.recovery()));
    return pairs.join(mandate, seen.addresses());
  }

  /** Counts the replica out, and waits until its addresses are let go of, but not for long. */
  void leaveExtension() {
    operation.step(StepKind.LEAVE_EXTENSION, pairs::leave);
  }

  private static VmSide other(VmSide side) {
    return side == VmSide.PRODUCTION ? VmSide.RECOVERY : VmSide.PRODUCTION;
  }

  private static String words(VmSide side, VmRef vm) {
    return side.word() + " " + vm;
  }

  private String recoverySite() {
    return replica.recovery().site();
  }
}
