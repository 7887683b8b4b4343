package io.switchback.operation;

import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.operation.Steps.Told;
import io.switchback.port.ClaimActivities.RememberProduction;
import io.switchback.port.GuestActivities.GuestShutDown;
import io.switchback.port.GuestActivities.ShutDownGuest;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import java.time.Duration;

/** The verbs on a replica's production VM, for the operations that change its power. */
final class ProductionVm {
  private final ReplicaOperation operation;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;

  ProductionVm(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.replica = request.member().replica();
    this.ports = operation.ports();
    this.steps = operation.steps();
  }

  /**
   * Shuts production down; whoever undoes that powers it on again, if it ran. What its guest has
   * not flushed is lost only where the guest cannot be asked, or does not end within {@code limit}.
   */
  void shutDown(Duration limit) {
    PowerState before = power();
    boolean ran = before == PowerState.ON;
    remember(ran);
    if (ran) {
      operation.undo(this::powerOn);
    }
    if (before == PowerState.OFF) {
      return;
    }
    if (before == PowerState.SUSPENDED) {
      powerOff("it is suspended");
      return;
    }
    GuestShutDown ended = shutDownGuest(limit);
    if (!ended.off()) {
      powerOff(ended.detail());
    }
  }

  private PowerState power() {
    return steps
        .step(
            StepKind.LOOK_AT_PRODUCTION,
            mandate ->
                ports
                    .vms(site(), "Does " + replica.name() + " run at " + site() + "?")
                    .lookAtVm(new LookAtVm(replica.production())),
            status -> new Told(false, 0, "is " + status.power()))
        .power();
  }

  private void remember(boolean ran) {
    operation.step(
        StepKind.REMEMBER_PRODUCTION,
        mandate ->
            ports
                .claims("Production of " + replica.name() + (ran ? " ran" : " did not run"))
                .rememberProduction(new RememberProduction(mandate, replica.id(), ran)));
  }

  private GuestShutDown shutDownGuest(Duration limit) {
    return steps.step(
        StepKind.SHUT_DOWN_PRODUCTION,
        mandate ->
            ports
                .guests(site(), "Shut " + replica.name() + " down at " + site(), limit)
                .shutDownGuest(new ShutDownGuest(mandate, replica.production(), limit)),
        ended -> new Told(ended.changed(), ended.attempt(), ended.detail()));
  }

  private void powerOff(String why) {
    operation.step(
        StepKind.POWER_OFF_PRODUCTION,
        mandate ->
            ports
                .vms(site(), "Power off " + replica.name() + " at " + site())
                .powerOffVm(new ChangePower(mandate, replica.production())));
    operation.note(
        "production was powered off, and what its guest had not flushed is lost: " + why);
  }

  /** Powers production on, unless that would make two of it. */
  void powerOn() {
    operation.step(
        StepKind.POWER_ON_PRODUCTION,
        mandate -> {
          operation.guard().beforeProduction(replica.production());
          return ports
              .vms(site(), "Power on " + replica.name() + " at " + site())
              .powerOnVm(new ChangePower(mandate, replica.production()));
        });
  }

  private String site() {
    return replica.production().site();
  }
}
