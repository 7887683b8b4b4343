package io.switchback.port;

import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.FakeProtection.Reserved;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a {@link FakeRegistry} knows that a protection must fit into. */
class FakeProtectionPlanActivities implements ProtectionPlanActivities {
  final FakeRegistry registry;
  final FakeProtection kept;

  FakeProtectionPlanActivities(FakeRegistry registry) {
    this.registry = registry;
    this.kept = registry.protection();
  }

  @Override
  public Pairing describePair(DescribePair request) {
    return registry.answering("describePair", FaultScript.ANY, () -> pairing(request));
  }

  Pairing pairing(DescribePair request) {
    List<String> mistakes = new ArrayList<>();
    for (String site : List.of(request.from(), request.to())) {
      if (!kept.sites.contains(site)) {
        mistakes.add("site '" + site + "' is unknown");
      }
    }
    String name = request.policy() == null ? Policy.DEFAULT_NAME : request.policy();
    if (request.policy() != null && !kept.policies.containsKey(name)) {
      mistakes.add("there is no policy '" + name + "'");
    }
    return new Pairing(kept.networks, kept.placement, kept.pace, kept.policies.get(name), mistakes);
  }

  @Override
  public Standings findStandings(FindStandings request) {
    return registry.answering(
        "findStandings",
        FaultScript.ANY,
        () -> new Standings(request.vms().stream().map(this::standing).toList()));
  }

  Standing standing(VmRef vm) {
    Optional<Replica> known = FakeProtectionActivities.replicaOf(registry, vm);
    Optional<Reserved> reserved = kept.reserved(vm.site(), vm.id());
    String id =
        known
            .map(Replica::id)
            .or(() -> reserved.map(one -> one.request.replicaId()))
            .orElseGet(() -> nextId(vm));
    return new Standing(
        vm,
        id,
        known.map(this::protection).orElse(null),
        reserved.isPresent(),
        FakeProtectionActivities.replicaAt(registry, vm).map(Replica::name).orElse(""),
        registry
            .failingBack(vm)
            .map(replica -> "the failback of '" + replica.name() + "' is about it")
            .orElseGet(() -> registry.excluded.getOrDefault(vm.id(), "")));
  }

  String nextId(VmRef vm) {
    return vm.name() + "." + ++kept.ids;
  }

  private Protection protection(Replica replica) {
    return new Protection(
        replica,
        registry.state(replica.id()),
        kept.policy(replica.id()),
        registry.replicas.get(replica.id()).networks);
  }
}
