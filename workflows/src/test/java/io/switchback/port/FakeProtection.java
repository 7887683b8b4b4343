package io.switchback.port;

import io.switchback.model.Fence;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.ProtectionRule;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link FakeRegistry} keeps of how VMs come under protection, and what it must fit into.
 */
public final class FakeProtection {
  final Map<String, Reserved> reservations = new LinkedHashMap<>();
  final Map<String, Policy> policies = new LinkedHashMap<>();
  final Map<String, Policy> policyOf = new LinkedHashMap<>();
  final Map<String, ProtectionRule> rules = new LinkedHashMap<>();
  final Map<String, Set<String>> joined = new LinkedHashMap<>();
  final Set<String> sites = new LinkedHashSet<>(List.of("berlin", "munich", "paris"));
  List<NetworkMapping> networks = List.of(new NetworkMapping("lan", "dr-lan", ""));
  Placement placement = Placement.ANYWHERE;
  Pace pace = Pace.DEFAULT;
  int ids;

  FakeProtection() {}

  /** A VM that is being protected, by its replica's id. */
  static final class Reserved {
    final ReserveReplica request;
    final Fence fence;
    long highestStep;

    Reserved(ReserveReplica request, Fence fence) {
      this.request = request;
      this.fence = fence;
    }
  }

  /** The site pair's networks. */
  public synchronized void networks(NetworkMapping... all) {
    networks = List.of(all);
  }

  /** The recovery site's pace. */
  public synchronized void pace(Pace sites) {
    pace = sites;
  }

  /** Where replicas stand at the recovery site. */
  synchronized void placement(Placement there) {
    placement = there;
  }

  /** The policy under which the replica is. */
  public synchronized Policy policy(String replicaId) {
    return policyOf.getOrDefault(replicaId, Policy.DEFAULT);
  }

  /** How many VMs are being protected. */
  public synchronized int reservations() {
    return reservations.size();
  }

  Optional<Reserved> reserved(String site, String vm) {
    return reservations.values().stream()
        .filter(one -> one.request.production().site().equals(site))
        .filter(one -> one.request.production().id().equals(vm))
        .findFirst();
  }
}
