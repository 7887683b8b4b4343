package io.switchback.port;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteNetworks;
import io.switchback.model.VmRef;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.SiteActivities.Greeting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The suites' registry in memory; a test replaces an adapter by one that breaks a promise. */
class FakeRegistryFixture implements RegistryFixture {
  final FakeRegistry registry = new FakeRegistry();
  private int replicas;

  @Override
  public ClaimActivities claims() {
    return new FakeClaimActivities(registry);
  }

  @Override
  public CycleActivities cycles() {
    return new FakeCycleActivities(registry);
  }

  @Override
  public CatalogueActivities catalogue() {
    return new FakeCatalogueActivities(registry);
  }

  @Override
  public AdmissionActivities admission() {
    return new FakeAdmissionActivities(registry);
  }

  @Override
  public PermanentFailoverActivities permanentFailover() {
    return new FakePermanentFailoverActivities(registry);
  }

  @Override
  public FailbackActivities failbacks() {
    return new FakeFailbackActivities(registry);
  }

  @Override
  public WindowActivities windows() {
    return new FakeWindowActivities(registry);
  }

  @Override
  public NetworkPairActivities networkPairs() {
    return new FakeNetworkPairActivities(registry);
  }

  @Override
  public void extend(String production, String recovery, List<NetworkMapping> networks) {
    networks.forEach(network -> registry.extend(production, recovery, network));
  }

  @Override
  public void plug(Replica replica, String network) {
    registry.plug(replica.id(), network);
  }

  @Override
  public void fullSite(String site, FullSiteSettings said) {
    registry.fullSite(site, said);
  }

  @Override
  public void networks(String site, SiteNetworks said) {
    registry.networks(site, said);
  }

  @Override
  public void appliance(String site, SiteAppliance appliance) {
    registry.tunnels(site, appliance);
    registry.appliance(site, appliance.vm());
  }

  @Override
  public ReconcileActivities reconcile() {
    return new FakeReconcileActivities(registry);
  }

  @Override
  public ProtectionFixture protecting() {
    return new FakeProtectionFixture(registry);
  }

  @Override
  public List<String> excluded() {
    return List.copyOf(registry.excluded().keySet());
  }

  @Override
  public WatchActivities watch() {
    return new FakeWatchActivities(registry);
  }

  @Override
  public Replica protect(String vm, ReplicaState state) {
    replicas++;
    Replica replica =
        new Replica(
            "replica-" + replicas,
            vm,
            new VmRef("berlin", "vm-" + replicas, vm),
            new VmRef("paris", "vm-" + replicas, vm + "-replica"),
            List.of(new DiskPair("disk-" + replicas, "replica-disk-" + replicas, 1 << 20)),
            List.of("lan"));
    registry.add(replica, state);
    return replica;
  }

  @Override
  public void unprotect(Replica replica) {
    registry.remove(replica.id());
  }

  @Override
  public void addRestorePoint(Replica replica, RestorePoint restorePoint) {
    registry.addRestorePoint(replica.id(), restorePoint);
  }

  @Override
  public void keep(Replica replica, int restorePoints) {
    registry.keep(replica.id(), restorePoints);
  }

  @Override
  public void keepFor(Replica replica, Duration age) {
    registry.keepFor(replica.id(), age);
  }

  @Override
  public Instant now() {
    return registry.now();
  }

  @Override
  public void state(Replica replica, ReplicaState state) {
    registry.state(replica.id(), state);
  }

  @Override
  public String mark(Replica replica) {
    return registry.mark(replica.id());
  }

  @Override
  public Fence fence(Replica replica) {
    return registry.fence(replica.id());
  }

  @Override
  public void group(String group, Replica... replicas) {
    registry.group(group, Stream.of(replicas).map(Replica::id).toArray(String[]::new));
  }

  @Override
  public GroupActivities groups() {
    return new FakeGroupActivities(registry);
  }

  @Override
  public ReplicaState state(Replica replica) {
    return registry.state(replica.id());
  }

  @Override
  public boolean isOnHold(Replica replica) {
    return registry.isOnHold(replica.id());
  }

  @Override
  public List<RestorePoint> restorePoints(Replica replica) {
    return registry.restorePoints(replica.id());
  }

  @Override
  public Optional<String> abandoned(Replica replica, long cycle) {
    return Optional.ofNullable(registry.abandoned(replica.id()).get(cycle));
  }

  @Override
  public List<Greeting> greetings() {
    return registry.greetings();
  }

  @Override
  public List<AuditEntry> audit(String operationId) {
    return registry.audit().stream()
        .filter(entry -> entry.operationId().equals(operationId))
        .toList();
  }

  @Override
  public void cap(String site, Cap cap, int atOnce) {
    registry.cap(site, cap, atOnce);
  }

  @Override
  public void letPass(Duration time) {
    registry.letPass(time);
  }

  @Override
  public void siteHasSeen(long generation, long epoch) {
    registry.siteHasSeen("paris", generation, epoch);
  }

  @Override
  public void breakRegistry() {
    registry.reachable(false);
  }

  @Override
  public void close() {}
}
