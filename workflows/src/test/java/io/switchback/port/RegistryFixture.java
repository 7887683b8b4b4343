package io.switchback.port;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteNetworks;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.SiteActivities.Greeting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A registry for {@link ClaimContract}, {@link CycleContract}, {@link CatalogueContract} and {@link
 * AdmissionContract}: its adapters, and a way past them, by which the suites look and meddle from
 * outside the product. Each test opens one of its own, which is empty.
 */
public interface RegistryFixture extends AutoCloseable {
  /** The adapter under test. */
  ClaimActivities claims();

  /** The adapter under test. */
  CycleActivities cycles();

  /** The adapter under test. */
  CatalogueActivities catalogue();

  /** The adapter under test. */
  AdmissionActivities admission();

  /** The adapter under test. */
  WatchActivities watch();

  /** The adapter under test. */
  PermanentFailoverActivities permanentFailover();

  /** The adapter under test. */
  FailbackActivities failbacks();

  /** The adapter under test. */
  WindowActivities windows();

  /** The adapter under test. */
  NetworkPairActivities networkPairs();

  /** An operator says how a network between the sites is extended. */
  default void extend(String production, String recovery, NetworkMapping network) {
    extend(production, recovery, List.of(network));
  }

  /** An operator says how all the networks between the sites are extended. */
  void extend(String production, String recovery, List<NetworkMapping> networks);

  /** The replica is on that recovery network, and on no other. */
  void plug(Replica replica, String network);

  /** An operator says how the site's appliance is a gateway. */
  void fullSite(String site, FullSiteSettings said);

  /** An operator says which networks the site has, and how they are reached. */
  void networks(String site, SiteNetworks said);

  /** An operator says how the site's appliance is reached, and which VM it is, if any. */
  void appliance(String site, SiteAppliance appliance);

  /** The adapter under test. */
  ReconcileActivities reconcile();

  /** The adapters under test by which VMs come under protection. */
  ProtectionFixture protecting();

  /** Ids of the production VMs that no rule may protect again. */
  List<String> excluded();

  /**
   * Protects a VM with one disk; its replica is in {@code state}, not claimed, not on hold, without
   * a restore point, and keeps at least three of them.
   */
  Replica protect(String vm, ReplicaState state);

  /** Ends the protection of the VM. */
  void unprotect(Replica replica);

  /** Gives the replica a restore point that is newer than its others. */
  void addRestorePoint(Replica replica, RestorePoint restorePoint);

  /** Sets how many restore points the replica's policy keeps. */
  void keep(Replica replica, int restorePoints);

  /** Sets how long the replica's policy keeps restore points. */
  void keepFor(Replica replica, Duration age);

  /** The registry's clock. */
  Instant now();

  /** Puts the replica into a state, past the lifecycle. */
  void state(Replica replica, ReplicaState state);

  /** What could not be carried over to the replica; empty when everything was. */
  String mark(Replica replica);

  /** The fence of the claim that holds the replica. */
  Fence fence(Replica replica);

  /** Makes a group of the replicas. */
  void group(String group, Replica... replicas);

  /** The adapter under test. */
  GroupActivities groups();

  /** The replica's state. */
  ReplicaState state(Replica replica);

  /** Whether replication of the replica is on hold. */
  boolean isOnHold(Replica replica);

  /** The replica's restore points, oldest first. */
  List<RestorePoint> restorePoints(Replica replica);

  /** Why the cycle came to nothing; empty when that is not recorded. */
  Optional<String> abandoned(Replica replica, long cycle);

  /** Every answer to {@code hello} that is kept. */
  List<Greeting> greetings();

  /** Every entry of the operation, in the order they were written. */
  List<AuditEntry> audit(String operationId);

  /** Sets the site's cap, and makes the site known. */
  void cap(String site, Cap cap, int atOnce);

  /** Lets leases and measurements age by that time. */
  void letPass(Duration time);

  /**
   * A site reports that it has seen a fence of that generation and epoch; the registry gives out
   * generation 1.
   */
  void siteHasSeen(long generation, long epoch);

  /** The database answers nobody from now on. */
  void breakRegistry();

  @Override
  void close();
}
