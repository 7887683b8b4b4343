package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Fence;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claims of a {@link FakeRegistry} that nobody works on any more. */
class FakeReconcileActivities implements ReconcileActivities {
  private final FakeRegistry registry;

  FakeReconcileActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public RegistryView describeClaim(DescribeClaim request) {
    return registry
        .script()
        .run(
            "describeClaim",
            request.replicaId(),
            () -> {
              synchronized (registry) {
                FakeReplica replica = registry.protectedReplica(request.replicaId());
                FakeReplica.Claimed claim = replica.claim;
                return new RegistryView(
                    replica.state,
                    held(claim),
                    replica.hold,
                    replica.points.reversed(),
                    replica.letGo,
                    claim == null
                        ? 0
                        : leases(claim.request.operationId()) + leases(request.replicaId()),
                    replica.shutDown);
              }
            });
  }

  private static @Nullable HeldClaim held(FakeReplica.@Nullable Claimed claim) {
    return claim == null
        ? null
        : new HeldClaim(
            claim.request.operationId(),
            claim.operation(),
            claim.settles,
            claim.request.workflowId(),
            claim.request.runId(),
            claim.request.by(),
            Instant.EPOCH,
            claim.from,
            claim.fence.epoch(),
            claim.request.restorePoint(),
            claim.request.side());
  }

  private int leases(String holder) {
    return (int)
        registry.leases.values().stream().filter(leases -> leases.containsKey(holder)).count();
  }

  @Override
  public Claim takeOverReplica(TakeOverReplica request) {
    return registry
        .script()
        .run(
            "takeOverReplica",
            request.replicaId(),
            () -> {
              synchronized (registry) {
                FakeReplica replica = registry.protectedReplica(request.replicaId());
                FakeReplica.Claimed claim = replica.claim;
                if (claim == null || !claim.request.operationId().equals(request.operationId())) {
                  claim = takeOver(request, replica, claim);
                }
                return new Claim(
                    claim.fence,
                    claim.from,
                    replica.shutDown,
                    List.copyOf(replica.windows.values()),
                    Attempts.current());
              }
            });
  }

  FakeReplica.Claimed takeOver(
      TakeOverReplica request, FakeReplica replica, FakeReplica.@Nullable Claimed dead) {
    if (registry.ahead().isPresent()) {
      throw new FaultException(
          Fault.FENCE_AHEAD,
          "Could not take '%s' over: a site has seen a higher fence. Recover the registry."
              .formatted(replica.replica.name()));
    }
    if (replica.released.contains(request.operationId())
        || dead == null
        || !dead.request.operationId().equals(request.deadOperationId())
        || dead.fence.epoch() != request.deadEpoch()) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not take '%s' over: it is not held as it was seen."
              .formatted(replica.replica.name()));
    }
    replica.epoch = registry.nextEpoch();
    replica.released.add(dead.request.operationId());
    for (String holder : List.of(dead.request.operationId(), request.replicaId())) {
      registry.leases.values().forEach(leases -> leases.remove(holder));
    }
    replica.claim =
        new FakeReplica.Claimed(
            new ClaimReplica(
                request.operationId(),
                Operation.RECONCILE,
                request.replicaId(),
                request.workflowId(),
                request.runId(),
                request.by(),
                dead.request.restorePoint(),
                dead.request.side()),
            new Fence(registry.generation(), replica.epoch, 0, 0),
            dead.from,
            dead.settles);
    registry.note(Effect.by(request.operationId(), "takeOver", request.replicaId()));
    return replica.claim;
  }
}
