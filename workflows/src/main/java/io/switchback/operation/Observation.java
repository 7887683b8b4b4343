package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.model.PowerState;
import io.switchback.model.RestorePoint;
import io.switchback.port.NetworkPairActivities.NetworksView;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.switchback.port.ReconcileActivities.RegistryView;
import io.switchback.port.RunActivities.RunView;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.VmStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What registry, Temporal, hypervisors and appliances say of a replica at one moment.
 *
 * @param run null when no operation holds the replica
 * @param replica null when the recovery site knows its VM no more; there are no snapshots then
 * @param production empty when it cannot be asked
 * @param target null when no failback is open, or the claim is about none
 */
record Observation(
    RegistryView registry,
    @Nullable RunView run,
    @Nullable VmStatus replica,
    Snapshots snapshots,
    Optional<VmStatus> production,
    NetworksView networks,
    @Nullable TargetSeen target) {

  /** Whether the recovery site knows the replica's VM no more. */
  boolean isGone() {
    return replica == null;
  }

  /** Whether the VM is still marked as the replica's, so that nobody starts it by accident. */
  boolean isMarked() {
    return replica != null && !replica.replicaId().isEmpty();
  }

  boolean runs() {
    return replica != null && replica.power() != PowerState.OFF;
  }

  /** The newest point that an operation may ask for and whose snapshot is there; null when none. */
  @Nullable RestorePoint newest() {
    return registry.points().stream().filter(this::isThere).findFirst().orElse(null);
  }

  /** The point that the operation was asked for, as long as its snapshot is there. */
  @Nullable RestorePoint chosen() {
    HeldClaim claim = registry.claim();
    String id = claim == null ? null : claim.restorePoint();
    return id == null
        ? newest()
        : registry.points().stream()
            .filter(point -> point.id().equals(id) && isThere(point))
            .findFirst()
            .orElse(null);
  }

  /** Whether the disks are exactly as the newest point holds them, and nothing runs on them. */
  boolean standsAtNewest() {
    RestorePoint newest = newest();
    return newest != null && standsAt(newest);
  }

  /** Whether the disks are exactly as the point holds them, and nothing runs on them. */
  boolean standsAt(RestorePoint point) {
    return !runs() && snapshots.current().equals(point.snapshot()) && snapshots.unsavedBytes() == 0;
  }

  /**
   * The state before the switch of the open failback, where the replica is off and stands on
   * something else; null when there is no need or no way to revert it.
   */
  @Nullable RestorePoint leftForProtective() {
    RestorePoint point = target == null ? null : target.failback().protectivePoint();
    return point != null
            && isThere(point)
            && !runs()
            && !snapshots.current().equals(point.snapshot())
        ? point
        : null;
  }

  boolean isThere(RestorePoint point) {
    return snapshots.names().contains(point.snapshot());
  }

  /** The same for people, with the ways that are offered. */
  Reconciliation told(List<Way> ways) {
    HeldClaim claim = registry.claim();
    RunView asked = run;
    return new Reconciliation(
        claim == null ? "" : claim.settles().words(),
        claim == null || asked == null
            ? "no operation holds it"
            : "'%s' of %s, started by %s: %s, %s"
                .formatted(
                    claim.operation().words(),
                    claim.workflowId(),
                    claim.by(),
                    asked.liveness(),
                    asked.detail()),
        registrySays(),
        hypervisorSays(),
        productionSays(),
        networksSay(),
        ways);
  }

  private String networksSay() {
    return networks.pairs().isEmpty()
        ? "no network is extended for it"
        : networks.pairs().stream().map(PairWords::of).collect(Collectors.joining("; "));
  }

  private String productionSays() {
    String says =
        production
            .map(
                vm ->
                    "%s is %s%s"
                        .formatted(vm.vm(), vm.power(), vm.connected() ? ", connected" : ""))
            .orElse("does not answer");
    return target == null ? says : says + "; " + target.words();
  }

  private String registrySays() {
    HeldClaim claim = registry.claim();
    return "%s%s; replication %s; %d restore points%s%s"
        .formatted(
            registry.state(),
            claim == null ? "" : ", came from " + claim.from(),
            registry.hold() == null ? "is not held" : "is on hold (" + registry.hold() + ")",
            registry.points().size(),
            registry.letGo().isEmpty()
                ? ""
                : ", and %d that were let go".formatted(registry.letGo().size()),
            registry.leases() == 0 ? "" : "; it keeps %d places".formatted(registry.leases()));
  }

  private String hypervisorSays() {
    VmStatus vm = replica;
    if (vm == null) {
      return "the replica's VM is gone from its site";
    }
    List<String> missing =
        registry.points().stream().filter(point -> !isThere(point)).map(RestorePoint::id).toList();
    return "%s is %s; it stands on '%s' with %d bytes on top; %d snapshots%s; highest fence %s"
        .formatted(
            vm.vm(),
            vm.power(),
            snapshots.current(),
            snapshots.unsavedBytes(),
            snapshots.names().size(),
            missing.isEmpty() ? "" : "; not there: " + missing.stream().collect(joining(", ")),
            vm.fence() == null ? "none" : vm.fence().toString());
  }
}
