package io.switchback.port;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Check;
import io.switchback.model.CommitWindow;
import io.switchback.model.Failback;
import io.switchback.model.Fence;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.Retention;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteNetworks;
import io.switchback.model.VmRef;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.SiteActivities.Greeting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory: replicas with their state, restore points, holds and claims, and a script
 * of what goes wrong. {@link #activities} are its adapters, to register on the queue {@code
 * switchback}. Safe for any number of threads.
 */
public final class FakeRegistry {
  final Map<String, FakeReplica> replicas = new LinkedHashMap<>();
  final Map<String, Greeting> greetings = new LinkedHashMap<>();
  final Map<String, String> platforms = new LinkedHashMap<>();
  final Map<String, AuditEntry> audit = new LinkedHashMap<>();
  final Map<String, Map<String, Instant>> leases = new LinkedHashMap<>();
  final Map<String, String> excluded = new LinkedHashMap<>();
  final FakeWatch watch = new FakeWatch();
  final FakeNetworkPairActivities.FakeNetworks networks =
      new FakeNetworkPairActivities.FakeNetworks();
  final FakeProtection protection = new FakeProtection();
  final Map<String, FakeGroup> groups = new LinkedHashMap<>();
  private final Map<String, Integer> caps = new LinkedHashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private final FaultScript script = new FaultScript(Fault.REGISTRY_UNAVAILABLE);
  private final Map<String, String> appliances = new LinkedHashMap<>();
  private Pace pace = Pace.DEFAULT;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private InstantSource clock = () -> now;
  private long generation = 1;
  private long epoch;
  private boolean reachable = true;

  /** The adapters for claims, cycles, the catalogue and admission. */
  public Object[] activities() {
    return new Object[] {
      new FakeClaimActivities(this),
      new FakeCycleActivities(this),
      new FakeGroupActivities(this),
      new FakeCatalogueActivities(this),
      new FakeAdmissionActivities(this),
      new FakePermanentFailoverActivities(this),
      new FakeFailbackActivities(this),
      new FakeWindowActivities(this),
      new FakeNetworkPairActivities(this),
      new FakeReconcileActivities(this),
      new FakeProtectionActivities(this),
      new FakeProtectionPlanActivities(this),
      new FakeProtectionRuleActivities(this),
      new FakeWatchActivities(this)
    };
  }

  /** How VMs come under protection. */
  public FakeProtection protection() {
    return protection;
  }

  /** How the estate is found. */
  public FakeWatch watch() {
    return watch;
  }

  /** What goes wrong; targets are replica ids, for admission the site's name. */
  public FaultScript script() {
    return script;
  }

  /** Protects a VM; its replica keeps the newest seven restore points. */
  public synchronized void add(Replica replica, ReplicaState state, Check... checks) {
    replicas.put(replica.id(), new FakeReplica(replica, state, List.of(checks)));
  }

  /** Ends the protection. */
  public synchronized void remove(String replicaId) {
    replicas.remove(replicaId);
  }

  /** Adds a restore point that is newer than the others. */
  public synchronized void addRestorePoint(String replicaId, RestorePoint restorePoint) {
    find(replicaId).points.add(restorePoint);
  }

  /** How many restore points the replica keeps. */
  public synchronized void keep(String replicaId, int restorePoints) {
    find(replicaId).retention = new Retention(restorePoints, null);
  }

  /** How long the replica's restore points are kept. */
  public synchronized void keepFor(String replicaId, Duration age) {
    FakeReplica replica = find(replicaId);
    replica.retention = new Retention(replica.retention.points(), age);
  }

  /** The fence of the claim that holds the replica. */
  synchronized Fence fence(String replicaId) {
    FakeReplica.Claimed claim = find(replicaId).claim;
    if (claim == null) {
      throw new IllegalStateException("nothing holds '" + replicaId + "'");
    }
    return claim.fence;
  }

  /** The replica's policy has both disks compared so often from now on. */
  public synchronized void compareEvery(String replicaId, Duration every) {
    find(replicaId).compareEvery = every;
  }

  /** The replica's schedule and RPO objective. */
  public synchronized void schedule(String replicaId, Duration interval, Duration rpoObjective) {
    find(replicaId).interval = interval;
    find(replicaId).rpoObjective = rpoObjective;
  }

  /** What the replica is like, as it was recorded last. */
  public synchronized Replica replicaNow(String replicaId) {
    return find(replicaId).replica;
  }

  /** The replica is on that recovery network, and on no other. */
  public synchronized void plug(String replicaId, String network) {
    FakeReplica known = find(replicaId);
    Replica now = known.replica;
    known.replica =
        new Replica(
            now.id(), now.name(), now.production(), now.recovery(), now.disks(), List.of(network));
  }

  /** Gives the replica a network map. */
  public synchronized void map(String replicaId, NetworkMapping... networks) {
    find(replicaId).networks = List.of(networks);
  }

  /** What production's networks are called for the replica. */
  public synchronized List<NetworkMapping> networkMap(String replicaId) {
    return find(replicaId).networks;
  }

  /** The VM that the replica follows. */
  public synchronized VmRef production(String replicaId) {
    return find(replicaId).replica.production();
  }

  /** What could not be carried over; empty when everything was. */
  public synchronized String mark(String replicaId) {
    return find(replicaId).mark;
  }

  /** Makes a group of the replicas. */
  public synchronized void group(String group, String... replicaIds) {
    groups.put(group, new FakeGroup());
    for (String replicaId : replicaIds) {
      find(replicaId).group = group;
    }
  }

  /** Why the group's last cycle made no point; empty when it made one. */
  public synchronized String groupProblem(String group) {
    return groups.get(group).problem;
  }

  /** The group's restore points by id, with the snapshot of each part by replica id. */
  public synchronized Map<String, Map<String, String>> groupPoints(String group) {
    return Map.copyOf(groups.get(group).points);
  }

  /** The replica's state. */
  public synchronized ReplicaState state(String replicaId) {
    return find(replicaId).state;
  }

  /** Puts the replica into a state, past the lifecycle. */
  public synchronized void state(String replicaId, ReplicaState state) {
    find(replicaId).state = state;
  }

  /** Whether replication of the replica is on hold. */
  public synchronized boolean isOnHold(String replicaId) {
    return find(replicaId).hold != null;
  }

  /** Whether an operation holds the replica. */
  public synchronized boolean isClaimed(String replicaId) {
    return find(replicaId).claim != null;
  }

  /** Whether the replica is in the registry. */
  public synchronized boolean isProtected(String replicaId) {
    return replicas.containsKey(replicaId);
  }

  /** Production VMs that no rule may protect again, by their ids, with the reason. */
  public synchronized Map<String, String> excluded() {
    return Map.copyOf(excluded);
  }

  /** Restore points that were let go and whose snapshots are not known to be gone. */
  public synchronized List<RestorePoint> letGo(String replicaId) {
    return List.copyOf(find(replicaId).letGo);
  }

  /** The replica's restore points, oldest first. */
  public synchronized List<RestorePoint> restorePoints(String replicaId) {
    return List.copyOf(find(replicaId).points);
  }

  /** The failback that was begun and is open; empty when there is none. */
  public synchronized Optional<Failback> failback(String replicaId) {
    return Optional.ofNullable(find(replicaId).failback).map(known -> known.failback);
  }

  /** The replica whose open failback goes to the VM, or has begun when that was production. */
  synchronized Optional<Replica> failingBack(VmRef vm) {
    return replicas.values().stream()
        .filter(one -> one.failback != null && one.failback.names(vm.site(), vm.id()))
        .map(one -> one.replica)
        .findFirst();
  }

  /** Somebody else moves the time of the switch. */
  public synchronized void switchAt(String replicaId, Instant at) {
    requireNonNull(find(replicaId).failback).switchAt(at);
  }

  /** The window that counts; empty when there is none. */
  public synchronized Optional<CommitWindow> window(String replicaId) {
    return find(replicaId).windows.values().stream().filter(CommitWindow::isOpen).findFirst();
  }

  /** Somebody else moves the end of the window that counts. */
  public synchronized void windowEnds(String replicaId, Instant end) {
    FakeReplica replica = find(replicaId);
    CommitWindow counting = window(replicaId).orElseThrow();
    replica.windows.put(counting.of(), counting.until(end, 0));
  }

  /** By the production disk, from where the next cycle goes on. */
  public synchronized Map<String, String> changeIds(String replicaId) {
    return find(replicaId).changeIds;
  }

  /** Why cycles of the replica came to nothing, by their number. */
  public synchronized Map<Long, String> abandoned(String replicaId) {
    return Map.copyOf(find(replicaId).abandoned);
  }

  /** What workers answered to {@code hello}. */
  public synchronized List<Greeting> greetings() {
    return List.copyOf(greetings.values());
  }

  /** The audit, oldest entry first. */
  public synchronized List<AuditEntry> audit() {
    return List.copyOf(audit.values());
  }

  /** The site's cap; ten unless a test says otherwise. */
  public synchronized void cap(String site, Cap cap, int atOnce) {
    caps.put(site + "/" + cap, atOnce);
  }

  /** How many are admitted at the site now. */
  public synchronized int admitted(String site, Cap cap) {
    Map<String, Instant> all = leases(site, cap);
    return (int) all.values().stream().filter(until -> until.isAfter(now())).count();
  }

  /** The VM that a recovery site is to have, so that networks are extended. */
  public synchronized void appliance(String site, String vm) {
    appliances.put(site, vm);
  }

  /** How a network between the sites is extended. */
  public synchronized void extend(String production, String recovery, NetworkMapping network) {
    networks.extend(production, recovery, network);
  }

  /** How the site's appliance is reached. */
  public synchronized void tunnels(String site, SiteAppliance appliance) {
    networks.appliances.put(site, appliance);
  }

  synchronized @Nullable SiteAppliance applianceOf(String site) {
    SiteAppliance known = networks.appliances.get(site);
    return known == null ? null : known.asVm(appliances.getOrDefault(site, ""));
  }

  /** How the site's appliance is the gateway of networks whose production is lost. */
  public synchronized void fullSite(String site, FullSiteSettings said) {
    networks.gateways.put(site, said);
  }

  /** Which networks the site has, and how they are reached. */
  public synchronized void networks(String site, SiteNetworks said) {
    networks.sites.put(site, said);
  }

  /** The replicas that are counted into some pair of networks. */
  public synchronized Set<String> extendedFor() {
    return networks.known().stream()
        .flatMap(pair -> pair.members.keySet().stream())
        .collect(Collectors.toSet());
  }

  /** Whether nothing is left of the pair. */
  public synchronized boolean isClosed(int pair) {
    return networks.get(pair).closed;
  }

  synchronized Map<String, String> appliances() {
    return appliances.entrySet().stream()
        .filter(entry -> networks.of(entry.getKey()).areExtended())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The estate's pace. */
  public synchronized void pace(Pace estates) {
    pace = estates;
  }

  /** Lets time pass for leases. */
  public synchronized void letPass(Duration time) {
    now = now.plus(time);
  }

  /** Makes the database answer, or not. */
  public synchronized void reachable(boolean answers) {
    reachable = answers;
  }

  /** Lets a site have seen a fence of that generation and epoch. */
  public synchronized void siteHasSeen(String site, long generation, long epoch) {
    greetings.put(
        "seen/" + site,
        new Greeting(
            site, Queues.site(site), "seen", "test", null, generation, epoch, Instant.EPOCH));
  }

  /** Every change that came through the ports. */
  public synchronized List<Effect> effects() {
    return List.copyOf(effects);
  }

  /**
   * How often {@code what} was done to the replica {@code target}: claim, move, hold, resume,
   * release, beginCycle, completeCycle, abandonCycle, forgetRestorePoint, letGo, forget, exclude,
   * takeOver, beginFailback, recordRound, moveSwitch, completeSwitch, endFailback, planWindow,
   * openWindow; audit and greeting (target: site), admit and dismiss (target: site).
   */
  public synchronized long effects(String what, String target) {
    return effects.stream()
        .filter(effect -> effect.what().equals(what) && effect.target().equals(target))
        .count();
  }

  synchronized void note(Effect effect) {
    effects.add(effect);
  }

  /** Takes the time for leases from a clock. */
  public synchronized void clock(InstantSource source) {
    clock = source;
  }

  synchronized Instant now() {
    return clock.instant();
  }

  synchronized Pace pace() {
    return pace;
  }

  synchronized long generation() {
    return generation;
  }

  /** An epoch that no replica has had. */
  synchronized long nextEpoch() {
    return ++epoch;
  }

  /** Puts the counter of epochs, as an old backup does. */
  synchronized void epoch(long last) {
    epoch = last;
  }

  /** What a site has seen that this registry has not given out; empty when there is none. */
  synchronized Optional<Greeting> ahead() {
    return greetings.values().stream()
        .filter(
            seen ->
                seen.highestGeneration() > generation
                    || (seen.highestGeneration() == generation && seen.highestEpoch() > epoch))
        .findFirst();
  }

  synchronized Map<String, Instant> leases(String site, Cap cap) {
    return leases.computeIfAbsent(site + "/" + cap, key -> new LinkedHashMap<>());
  }

  synchronized int cap(String site, Cap cap) {
    return caps.getOrDefault(site + "/" + cap, 10);
  }

  /** Does what a port's method does, as the script wants it, one at a time. */
  <T> T answering(String step, String target, Supplier<T> act) {
    return script.run(
        step,
        target,
        () -> {
          synchronized (this) {
            answer();
            return act.get();
          }
        });
  }

  synchronized void answer() {
    if (!reachable) {
      throw new FaultException(
          Fault.REGISTRY_UNAVAILABLE, "Could not reach the registry: nobody answers. Wait.");
    }
  }

  /** The replica, as the database answers; null when it is not protected. */
  synchronized @Nullable FakeReplica replica(String replicaId) {
    answer();
    return replicas.get(replicaId);
  }

  /** The replica, for somebody who needs it protected. */
  synchronized FakeReplica protectedReplica(String replicaId) {
    FakeReplica replica = replica(replicaId);
    if (replica == null) {
      throw new FaultException(
          Fault.REFUSED,
          "Replica '" + replicaId + "' is no longer protected. Protect the VM again.");
    }
    return replica;
  }

  /** What a registry keeps of a group. */
  static final class FakeGroup {
    long number;
    String problem = "";
    final Map<String, Map<String, String>> points = new LinkedHashMap<>();
    final Map<String, GroupActivities.GroupPoint> answers = new LinkedHashMap<>();
  }

  private FakeReplica find(String replicaId) {
    FakeReplica replica = replicas.get(replicaId);
    if (replica == null) {
      throw new IllegalArgumentException("no replica '" + replicaId + "'");
    }
    return replica;
  }
}
