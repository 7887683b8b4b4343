package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Undoable;
import java.util.List;
import java.util.function.Predicate;

/** Claims of a {@link FakeRegistry}. */
class FakeClaimActivities implements ClaimActivities {
  final FakeRegistry registry;

  FakeClaimActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Claim claimReplica(ClaimReplica request) {
    return registry
        .script()
        .run(
            "claimReplica",
            request.replicaId(),
            () -> {
              synchronized (registry) {
                FakeReplica replica = registry.protectedReplica(request.replicaId());
                FakeReplica.Claimed claim = replica.claim;
                if (claim == null || !claim.request.operationId().equals(request.operationId())) {
                  check(request, replica);
                  use(request, replica);
                  claim = claim(request, replica);
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

  private void check(ClaimReplica request, FakeReplica replica) {
    if (replica.released.contains(request.operationId())) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not %s '%s': this operation has released it already. Start another operation."
              .formatted(request.operation().words(), replica.replica.name()));
    }
    FakeReplica.Claimed other = replica.claim;
    if (other != null) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not %s '%s': %s holds it (workflow '%s', run '%s', started by '%s'). Wait for it."
              .formatted(
                  request.operation().words(),
                  replica.replica.name(),
                  other.operation().words(),
                  other.request.workflowId(),
                  other.request.runId(),
                  other.request.by()));
    }
    Lifecycle.refusal(replica.replica.name(), replica.state, request.operation())
        .ifPresent(
            sentence -> {
              throw new FaultException(Fault.REFUSED, sentence);
            });
    registry
        .ahead()
        .ifPresent(
            seen -> {
              throw new FaultException(
                  Fault.FENCE_AHEAD,
                  "Could not claim '%s': site '%s' has seen fence %d.%d, which this registry has not given out. Recover the registry."
                      .formatted(
                          replica.replica.name(),
                          seen.site(),
                          seen.highestGeneration(),
                          seen.highestEpoch()));
            });
  }

  void use(ClaimReplica request, FakeReplica replica) {
    String point = request.restorePoint();
    if (point == null) {
      return;
    }
    if (replica.points.stream().noneMatch(known -> known.id().equals(point))) {
      throw new FaultException(
          Fault.RESTORE_POINT_NOT_FOUND,
          "Could not keep restore point '%s' of '%s': it is gone. Choose another one."
              .formatted(point, replica.replica.name()));
    }
    replica.used.add(point);
  }

  void endUses(FakeReplica replica) {
    if (replica.state == ReplicaState.READY || replica.state == ReplicaState.SEEDING) {
      replica.used.clear();
    }
  }

  /** What the replica has left behind. */
  void endWindows(FakeReplica replica) {
    replica
        .windows
        .values()
        .removeIf(
            window ->
                window.isOpen()
                    ? !window.of().name().equals(replica.state.name())
                    : window.of() != Undoable.FAILBACK
                        || replica.state != ReplicaState.READY_TO_SWITCH);
  }

  void forgetProduction(FakeReplica replica) {
    if (replica.state == ReplicaState.READY) {
      replica.shutDown = null;
    }
  }

  FakeReplica.Claimed claim(ClaimReplica request, FakeReplica replica) {
    replica.epoch = registry.nextEpoch();
    FakeReplica.Claimed claim =
        new FakeReplica.Claimed(
            request, new Fence(registry.generation(), replica.epoch, 0, 0), replica.state);
    replica.claim = claim;
    registry.note(Effect.by(request.operationId(), "claim", request.replicaId()));
    return claim;
  }

  @Override
  public Done moveReplica(MoveReplica request) {
    return change(
        "moveReplica",
        "move",
        request.replicaId(),
        request.mandate(),
        replica -> {
          ReplicaState to = request.to();
          FakeReplica.Claimed claim = replica.claim;
          if (claim != null && to != claim.from && to != Lifecycle.of(claim.settles).to()) {
            throw new FaultException(
                Fault.REFUSED,
                "Could not move '%s' to %s: %s leads from %s to %s."
                    .formatted(
                        replica.replica.name(),
                        to,
                        claim.settles.words(),
                        claim.from,
                        Lifecycle.of(claim.settles).result()));
          }
          boolean changes = replica.state != to;
          replica.state = to;
          return changes;
        });
  }

  @Override
  public Done holdReplication(HoldReplication request) {
    return change(
        "holdReplication",
        "hold",
        request.replicaId(),
        request.mandate(),
        replica -> {
          if (replica.hold != null) {
            return false;
          }
          replica.hold = request.reason();
          return true;
        });
  }

  @Override
  public Done rememberProduction(RememberProduction request) {
    return change(
        "rememberProduction",
        "remember",
        request.replicaId(),
        request.mandate(),
        replica -> {
          ShutDownProduction news = new ShutDownProduction(request.ran());
          boolean changes = !news.equals(replica.shutDown);
          replica.shutDown = news;
          return changes;
        });
  }

  @Override
  public Done resumeReplication(ResumeReplication request) {
    return change(
        "resumeReplication",
        "resume",
        request.replicaId(),
        request.mandate(),
        replica -> {
          boolean changes = replica.hold != null;
          replica.hold = null;
          return changes;
        });
  }

  @Override
  public Done releaseReplica(ReleaseReplica request) {
    return change(
        "releaseReplica",
        "release",
        request.replicaId(),
        request.mandate(),
        replica -> {
          boolean changes = replica.claim != null;
          replica.claim = null;
          replica.epoch = registry.nextEpoch();
          replica.released.add(request.mandate().operationId());
          endUses(replica);
          forgetProduction(replica);
          endWindows(replica);
          return changes;
        });
  }

  Done change(
      String step, String effect, String replicaId, Mandate mandate, Predicate<FakeReplica> act) {
    return registry
        .script()
        .run(
            step,
            replicaId,
            () -> {
              synchronized (registry) {
                FakeReplica replica = registry.protectedReplica(replicaId);
                if (effect.equals("release") && replica.released.contains(mandate.operationId())) {
                  return new Done(false, Attempts.current());
                }
                fence(replica, mandate);
                boolean changed = act.test(replica);
                if (changed) {
                  registry.note(Effect.by(mandate, effect, replicaId));
                }
                return new Done(changed, Attempts.current());
              }
            });
  }

  /** Refuses whoever does not hold the replica, and late steps of whoever does. */
  void fence(FakeReplica replica, Mandate mandate) {
    FakeReplica.Claimed claim = replica.claim;
    boolean holds =
        claim != null
            && claim.request.operationId().equals(mandate.operationId())
            && claim.fence.generation() == mandate.fence().generation()
            && claim.fence.epoch() == mandate.fence().epoch();
    if (!holds) {
      throw fenced(replica, mandate, "the operation does not hold it");
    }
    if (mandate.fence().step() < claim.highestStep) {
      throw fenced(replica, mandate, "step " + claim.highestStep + " has been seen");
    }
    claim.highestStep = mandate.fence().step();
  }

  private static FaultException fenced(FakeReplica replica, Mandate mandate, String why) {
    return new FaultException(
        Fault.FENCED,
        "Could not change '%s' in step '%s' under fence %s: %s. Nothing was changed."
            .formatted(replica.replica.name(), mandate.step(), mandate.fence(), why));
  }
}
