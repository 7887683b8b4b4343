package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.model.Replica;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import io.temporal.failure.ActivityFailure;
import java.util.List;
import java.util.Optional;

/** What a person should know before a replica starts in the place of its production VM. */
final class ReplicaPreflight {
  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private boolean roomAsked;
  private boolean applianceAsked;

  ReplicaPreflight(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = operation.ports();
  }

  /**
   * What the recovery site wants to start the replica. Asked first, it answers what the run over
   * all has found for all its replicas together; asked again, it looks for this one alone.
   */
  Optional<String> wantOfRoom() {
    String found = roomAsked ? null : request.found().get(Checks.NO_ROOM);
    boolean again = roomAsked;
    roomAsked = true;
    return again
        ? new RoomPreflight(ports, operation::note).finding(recoverySite(), List.of(replica))
        : Optional.ofNullable(found);
  }

  /**
   * Whether the recovery site lacks the appliance that is to extend networks. Asked first, it
   * answers what the run over all has found; asked again, it looks anew.
   */
  Optional<String> wantOfAppliance() {
    String found = applianceAsked ? null : request.found().get(Checks.APPLIANCE_MISSING);
    boolean again = applianceAsked;
    applianceAsked = true;
    return again
        ? new AppliancePreflight(ports, operation::note)
            .finding(recoverySite(), request.appliance())
        : Optional.ofNullable(found);
  }

  /** What was done to the replica by hand since replication wrote it last. */
  Optional<String> changedByHand() {
    return new DriftCheck(ports, request, operation::note).finding();
  }

  /**
   * What production's hypervisor says; empty when it cannot be asked, which a disaster makes
   * normal.
   */
  Optional<VmStatus> lookAtProduction() {
    String site = replica.production().site();
    try {
      return Optional.of(
          ports
              .vmsIfReachable(site, "Does " + replica.name() + " still run at " + site + "?")
              .lookAtVm(new LookAtVm(replica.production())));
    } catch (ActivityFailure unreachable) {
      operation.note(
          "production could not be asked whether it still runs: "
              + Failures.toFault(unreachable).sentence());
      return Optional.empty();
    }
  }

  private String recoverySite() {
    return replica.recovery().site();
  }
}
