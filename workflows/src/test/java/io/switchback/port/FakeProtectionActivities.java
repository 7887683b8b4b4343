package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.ProtectionRule;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How VMs come under protection in a {@link FakeRegistry}, and what it must fit into. */
public final class FakeProtectionActivities
    implements ProtectionActivities, ProtectionPlanActivities, ProtectionRuleActivities {
  private final FakeRegistry registry;
  private final Map<String, Reserved> reservations = new LinkedHashMap<>();
  private final Map<String, Policy> policies = new LinkedHashMap<>();
  private final Map<String, Policy> policyOf = new LinkedHashMap<>();
  private final Map<String, ProtectionRule> rules = new LinkedHashMap<>();
  private final Map<String, Set<String>> joined = new LinkedHashMap<>();
  private List<NetworkMapping> networks = List.of(new NetworkMapping("lan", "dr-lan", ""));
  private Pace pace = Pace.DEFAULT;
  private int ids;

  public FakeProtectionActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  private record Reserved(ReserveReplica request, Fence fence) {}

  /** The site pair's networks. */
  public synchronized void networks(NetworkMapping... all) {
    networks = List.of(all);
  }

  /** The recovery site's pace. */
  public synchronized void pace(Pace sites) {
    pace = sites;
  }

  /** The policy under which the replica is. */
  public synchronized Policy policy(String replicaId) {
    return policyOf.getOrDefault(replicaId, Policy.DEFAULT);
  }

  /** How many VMs are being protected. */
  public synchronized int reservations() {
    return reservations.size();
  }

  @Override
  public Reservation reserveReplica(ReserveReplica request) {
    return act(
        "reserveReplica",
        request.replicaId(),
        () -> {
          Reserved held = reservations.get(request.replicaId());
          if (held == null || !held.request().operationId().equals(request.operationId())) {
            held = new Reserved(request, new Fence(1, registry.nextEpoch(), 0, 0));
            reservations.put(request.replicaId(), held);
          }
          return new Reservation(
              held.fence(), replicaOf(request.production()).orElse(null), Attempts.current());
        });
  }

  @Override
  public Replica writeReplica(WriteReplica request) {
    return act(
        "writeReplica",
        request.replicaId(),
        () -> {
          require(request.mandate(), request.replicaId());
          Optional<Replica> known = replicaOf(request.production());
          if (known.isPresent()) {
            return known.get();
          }
          Replica replica =
              new Replica(
                  request.replicaId(),
                  request.production().name(),
                  request.production(),
                  request.recovery(),
                  request.disks(),
                  request.networks().stream().map(NetworkMapping::recovery).toList());
          registry.add(replica, ReplicaState.SEEDING);
          policies.put(request.policy().name(), request.policy());
          policyOf.put(request.replicaId(), request.policy());
          registry.note(Effect.by(request.mandate(), "writeReplica", request.replicaId()));
          return replica;
        });
  }

  @Override
  public Done eraseReplica(EraseReplica request) {
    return act(
        "eraseReplica",
        request.replicaId(),
        () -> {
          require(request.mandate(), request.replicaId());
          boolean isThere = registry.replicas.containsKey(request.replicaId());
          registry.remove(request.replicaId());
          return new Done(isThere, Attempts.current());
        });
  }

  @Override
  public Done endReservation(EndReservation request) {
    return act(
        "endReservation",
        request.replicaId(),
        () -> new Done(reservations.remove(request.replicaId()) != null, Attempts.current()));
  }

  @Override
  public Done reconfigureReplica(ReconfigureReplica request) {
    return act(
        "reconfigureReplica",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          Policy policy =
              request.policy() == null
                  ? policies.get(String.valueOf(request.policyName()))
                  : request.policy();
          boolean changed =
              policy != null && !policy.equals(policyOf.put(request.replicaId(), policy));
          if (policy != null) {
            follow(replica, policy);
          }
          List<NetworkMapping> map = request.networks();
          if (map != null) {
            changed |= !map.equals(replica.networks);
            replica.networks = map;
          }
          Placement asked = request.placement();
          if (asked != null) {
            Placement next = asked.orElse(replica.placement);
            changed |= !next.equals(replica.placement);
            replica.placement = next;
          }
          return new Done(changed, Attempts.current());
        });
  }

  private static void follow(FakeReplica replica, Policy policy) {
    replica.interval = policy.interval();
    replica.rpoObjective = policy.rpoObjective();
    replica.retention = policy.retention();
  }

  @Override
  public Done endProtection(EndProtection request) {
    return act(
        "endProtection",
        request.replicaId(),
        () -> {
          boolean isThere = registry.replicas.containsKey(request.replicaId());
          registry.remove(request.replicaId());
          return new Done(isThere, Attempts.current());
        });
  }

  @Override
  public Pairing describePair(DescribePair request) {
    return act(
        "describePair",
        FaultScript.ANY,
        () ->
            new Pairing(
                networks,
                Placement.ANYWHERE,
                pace,
                request.policy() == null ? null : policies.get(request.policy()),
                request.policy() == null || policies.containsKey(request.policy())
                    ? List.of()
                    : List.of("there is no policy '" + request.policy() + "'")));
  }

  @Override
  public Standings findStandings(FindStandings request) {
    return act(
        "findStandings",
        FaultScript.ANY,
        () -> new Standings(request.vms().stream().map(this::standing).toList()));
  }

  private Standing standing(VmRef vm) {
    Optional<Replica> known = replicaOf(vm);
    Optional<Reserved> reserved =
        reservations.values().stream()
            .filter(one -> one.request().production().id().equals(vm.id()))
            .findFirst();
    String id =
        known
            .map(Replica::id)
            .or(() -> reserved.map(one -> one.request().replicaId()))
            .orElseGet(() -> vm.name() + "." + ++ids);
    return new Standing(
        vm,
        id,
        known
            .map(
                replica ->
                    new Protection(
                        replica, registry.state(replica.id()), policy(replica.id()), networks))
            .orElse(null),
        reserved.isPresent(),
        "");
  }

  @Override
  public Done writeRule(WriteRule request) {
    return act(
        "writeRule",
        request.rule().id(),
        () -> {
          policies.putIfAbsent(request.policy().name(), request.policy());
          boolean isNew = !request.rule().equals(rules.put(request.rule().id(), request.rule()));
          return new Done(isNew, Attempts.current());
        });
  }

  @Override
  public Done removeRule(RemoveRule request) {
    return act(
        "removeRule",
        request.ruleId(),
        () -> new Done(rules.remove(request.ruleId()) != null, Attempts.current()));
  }

  @Override
  public RuleStanding readRule(ReadRule request) {
    return act(
        "readRule",
        request.ruleId(),
        () ->
            new RuleStanding(
                rules.get(request.ruleId()),
                new ArrayList<>(joined.getOrDefault(request.ruleId(), Set.of())),
                Attempts.current()));
  }

  @Override
  public Done recordJoined(RecordJoined request) {
    return act(
        "recordJoined",
        request.ruleId(),
        () ->
            new Done(
                joined
                    .computeIfAbsent(request.ruleId(), id -> new LinkedHashSet<>())
                    .addAll(request.vms()),
                Attempts.current()));
  }

  private Optional<Replica> replicaOf(VmRef vm) {
    return registry.replicas.values().stream()
        .map(one -> one.replica)
        .filter(replica -> replica.production().id().equals(vm.id()))
        .findFirst();
  }

  private void require(Mandate mandate, String replicaId) {
    Reserved held = reservations.get(replicaId);
    if (held == null
        || !held.request().operationId().equals(mandate.operationId())
        || held.fence().epoch() != mandate.fence().epoch()) {
      throw new FaultException(
          Fault.FENCED, "Another operation holds the reservation of '" + replicaId + "'.");
    }
  }

  private <T> T act(String step, String target, Supplier<T> act) {
    return registry
        .script()
        .run(
            step,
            target,
            () -> {
              synchronized (registry) {
                synchronized (this) {
                  registry.answer();
                  return act.get();
                }
              }
            });
  }
}
