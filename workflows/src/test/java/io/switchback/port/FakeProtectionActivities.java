package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Check;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.FakeProtection.Reserved;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** How VMs come under protection in a {@link FakeRegistry}, and out of it. */
class FakeProtectionActivities implements ProtectionActivities {
  final FakeRegistry registry;
  final FakeProtection kept;
  private final FakeClaimActivities claims;

  FakeProtectionActivities(FakeRegistry registry) {
    this.registry = registry;
    this.kept = registry.protection();
    this.claims = new FakeClaimActivities(registry);
  }

  @Override
  public Reservation reserveReplica(ReserveReplica request) {
    return act("reserveReplica", request.replicaId(), () -> reserve(request));
  }

  private Reservation reserve(ReserveReplica request) {
    refuseReplicasOwn(request.production());
    refuseFailback(request);
    Optional<Replica> known = replicaOf(registry, request.production());
    refuseAnotherId(request, known);
    Reserved held = kept.reservations.get(request.replicaId());
    if (held == null || !held.request.operationId().equals(request.operationId())) {
      held = new Reserved(request, fence());
      kept.reservations.put(request.replicaId(), held);
    }
    return new Reservation(held.fence, known.orElse(null), Attempts.current());
  }

  Fence fence() {
    return new Fence(registry.generation(), registry.nextEpoch(), 0, 0);
  }

  void refuseFailback(ReserveReplica request) {
    registry
        .failingBack(request.production())
        .filter(replica -> !replica.id().equals(request.replicaId()))
        .ifPresent(
            replica ->
                refuse(
                    request.production(), "the failback of '" + replica.name() + "' is about it"));
  }

  void refuseReplicasOwn(VmRef vm) {
    replicaAt(registry, vm)
        .ifPresent(replica -> refuse(vm, "it is itself the replica of '" + replica.name() + "'"));
  }

  void refuseAnotherId(ReserveReplica request, Optional<Replica> known) {
    VmRef vm = request.production();
    known
        .map(Replica::id)
        .filter(id -> !id.equals(request.replicaId()))
        .ifPresent(id -> refuse(vm, "it is protected as '" + id + "' by now"));
    kept.reserved(vm.site(), vm.id())
        .map(held -> held.request)
        .filter(held -> !held.replicaId().equals(request.replicaId()))
        .ifPresent(
            held ->
                refuse(
                    vm,
                    "run '%s', started by %s, protects it as '%s' already"
                        .formatted(held.workflowId(), held.by(), held.replicaId())));
  }

  private static void refuse(VmRef vm, String because) {
    throw new FaultException(
        Fault.REFUSED,
        "Could not protect %s: %s. Look at it, then start the run again.".formatted(vm, because));
  }

  @Override
  public Replica writeReplica(WriteReplica request) {
    return act("writeReplica", request.replicaId(), () -> write(request));
  }

  private Replica write(WriteReplica request) {
    require(request.mandate(), request.replicaId());
    FakeReplica known = registry.replicas.get(request.replicaId());
    if (known != null) {
      return known.replica;
    }
    refuseTaken(request);
    keepPolicy(request.policy(), request.replicaId());
    Replica replica =
        new Replica(
            request.replicaId(),
            request.production().name(),
            request.production(),
            request.recovery(),
            request.disks(),
            request.networks().stream().map(NetworkMapping::recovery).toList());
    registry.add(replica, ReplicaState.SEEDING, request.policy().checks().toArray(new Check[0]));
    FakeReplica written = registry.replicas.get(replica.id());
    written.networks = request.networks();
    written.placement = request.placement();
    written.placed = request.placement();
    put(replica.id(), request.policy());
    registry.note(Effect.by(request.mandate(), "writeReplica", request.replicaId()));
    return replica;
  }

  void refuseTaken(WriteReplica request) {
    for (FakeReplica other : registry.replicas.values()) {
      boolean sharesDisk =
          other.replica.disks().stream()
              .map(DiskPair::recoveryDisk)
              .anyMatch(
                  disk ->
                      request.disks().stream().anyMatch(own -> own.recoveryDisk().equals(disk)));
      if (sharesDisk || isAt(other.replica.recovery(), request.recovery())) {
        throw new FaultException(
            Fault.INVALID_INPUT,
            "Could not protect %s: a VM or a disk belongs to '%s' already. Abort, and protect it otherwise."
                .formatted(request.production(), other.replica.id()));
      }
    }
  }

  void keepPolicy(Policy policy, String replicaId) {
    keep(registry, policy, replicaId);
  }

  private boolean put(String replicaId, Policy policy) {
    FakeReplica replica = registry.replicas.get(replicaId);
    replica.interval = policy.interval();
    replica.rpoObjective = policy.rpoObjective();
    replica.compareEvery = policy.compareEvery();
    replica.retention = policy.retention();
    return !policy.equals(kept.policyOf.put(replicaId, policy));
  }

  @Override
  public Done eraseReplica(EraseReplica request) {
    return act(
        "eraseReplica",
        request.replicaId(),
        () -> {
          require(request.mandate(), request.replicaId());
          FakeReplica replica = registry.replicas.get(request.replicaId());
          if (replica == null) {
            return new Done(false, Attempts.current());
          }
          refuseReplicating(replica);
          registry.remove(request.replicaId());
          return new Done(true, Attempts.current());
        });
  }

  void refuseReplicating(FakeReplica replica) {
    if (replica.state != ReplicaState.SEEDING || replica.cycle > 0) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not take replica '%s' back: it replicates already. Unprotect it."
              .formatted(replica.replica.id()));
    }
  }

  @Override
  public Done endReservation(EndReservation request) {
    return act(
        "endReservation",
        request.replicaId(),
        () -> {
          if (!kept.reservations.containsKey(request.replicaId())) {
            return new Done(false, Attempts.current());
          }
          require(request.mandate(), request.replicaId());
          lift(request.replicaId());
          kept.reservations.remove(request.replicaId());
          return new Done(true, Attempts.current());
        });
  }

  void lift(String replicaId) {
    FakeReplica replica = registry.replicas.get(replicaId);
    if (replica != null && replica.state != ReplicaState.PERMANENT) {
      registry.excluded.remove(replica.replica.production().id());
    }
  }

  @Override
  public Done reconfigureReplica(ReconfigureReplica request) {
    return act("reconfigureReplica", request.replicaId(), () -> reconfigure(request));
  }

  private Done reconfigure(ReconfigureReplica request) {
    FakeReplica replica = registry.protectedReplica(request.replicaId());
    refuseClaimed(replica);
    boolean changed = false;
    Policy policy = request.policy();
    if (policy != null) {
      keepPolicy(policy, request.replicaId());
    } else if (request.policyName() != null) {
      policy = kept.policies.get(request.policyName());
      if (policy == null) {
        throw new FaultException(
            Fault.INVALID_INPUT, "There is no policy '" + request.policyName() + "'. Give it.");
      }
    }
    if (policy != null) {
      changed = put(request.replicaId(), policy);
    }
    if (request.networks() != null) {
      changed |= !replica.networks.equals(request.networks());
      replica.networks = request.networks();
    }
    Placement asked = request.placement();
    if (asked != null) {
      Placement next = asked.orElse(replica.placement);
      changed |= !next.equals(replica.placement);
      replica.placement = next;
    }
    return new Done(changed, Attempts.current());
  }

  void refuseClaimed(FakeReplica replica) {
    if (replica.claim != null) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not reconfigure replica '%s': an operation holds it. Wait for its end."
              .formatted(replica.replica.id()));
    }
  }

  @Override
  public Done endProtection(EndProtection request) {
    return act(
        "endProtection",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.replicas.get(request.replicaId());
          if (replica == null) {
            return new Done(false, Attempts.current());
          }
          claims.fence(replica, request.mandate());
          exclude(replica);
          registry.remove(request.replicaId());
          return new Done(true, Attempts.current());
        });
  }

  void exclude(FakeReplica replica) {
    registry.excluded.putIfAbsent(replica.replica.production().id(), "its protection was ended");
    FakeFailback open = replica.failback;
    if (open != null) {
      registry.excluded.putIfAbsent(open.before.production().id(), "its protection was ended");
      registry.excluded.putIfAbsent(open.failback.target().id(), "its protection was ended");
    }
  }

  void require(Mandate mandate, String replicaId) {
    Reserved held = kept.reservations.get(replicaId);
    if (held == null
        || !held.request.operationId().equals(mandate.operationId())
        || held.fence.generation() != mandate.fence().generation()
        || held.fence.epoch() != mandate.fence().epoch()
        || mandate.fence().step() < held.highestStep) {
      throw new FaultException(
          Fault.FENCED,
          "Could not do step '%s' on the reservation of '%s': it is another's, or a later step was seen."
              .formatted(mandate.step(), replicaId));
    }
    held.highestStep = mandate.fence().step();
  }

  /** A policy's name stands for the same settings wherever it is relied on. */
  static void keep(FakeRegistry registry, Policy policy, String replicaId) {
    Map<String, Policy> policyOf = registry.protection().policyOf;
    List<String> others =
        registry.replicas.keySet().stream()
            .filter(id -> !id.equals(replicaId) && policyOf.containsKey(id))
            .filter(id -> policyOf.get(id).name().equals(policy.name()))
            .filter(id -> !policyOf.get(id).equals(policy))
            .toList();
    if (!others.isEmpty()) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Policy '%s' stands for other settings, which %s rely on. Give this one another name."
              .formatted(policy.name(), String.join(", ", others)));
    }
    registry.protection().policies.put(policy.name(), policy);
  }

  static Optional<Replica> replicaOf(FakeRegistry registry, VmRef vm) {
    return registry.replicas.values().stream()
        .map(one -> one.replica)
        .filter(replica -> isAt(replica.production(), vm))
        .findFirst();
  }

  static Optional<Replica> replicaAt(FakeRegistry registry, VmRef vm) {
    return registry.replicas.values().stream()
        .map(one -> one.replica)
        .filter(replica -> isAt(replica.recovery(), vm))
        .findFirst();
  }

  private static boolean isAt(VmRef one, VmRef other) {
    return one.site().equals(other.site()) && one.id().equals(other.id());
  }

  private <T> T act(String step, String target, Supplier<T> act) {
    return registry.answering(step, target, act);
  }
}
