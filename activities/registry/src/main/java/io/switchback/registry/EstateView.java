package io.switchback.registry;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Drift;
import io.switchback.model.Failback;
import io.switchback.model.NetworkPair;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.SiteActivities.Greeting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The estate as it stood at one moment.
 *
 * @param generation that fences carry
 * @param workers what they answered last
 * @param audit the newest entries, oldest of them first
 * @param drift that is there now, the oldest finding first
 * @param room of the datastores that were measured
 * @param groups by name
 * @param networks that are extended now, by the number of their pair
 * @param at the database's clock, by which ages are counted
 */
public record EstateView(
    long generation,
    List<SiteView> sites,
    List<ReplicaView> replicas,
    List<Greeting> workers,
    List<AuditEntry> audit,
    List<DriftView> drift,
    List<DatastoreOutlook> room,
    List<GroupView> groups,
    List<NetworkView> networks,
    Instant at) {
  public EstateView {
    drift = List.copyOf(drift);
    room = List.copyOf(room);
    sites = List.copyOf(sites);
    replicas = List.copyOf(replicas);
    workers = List.copyOf(workers);
    audit = List.copyOf(audit);
    groups = List.copyOf(groups);
    networks = List.copyOf(networks);
  }

  /**
   * A pair of networks that is extended, or of which something is left.
   *
   * @param recovery null as long as nobody has looked since the pair's last change
   * @param production the same
   * @param owners who else has an address, which stays closed therefore
   */
  public record NetworkView(
      NetworkPair pair,
      @Nullable SideState recovery,
      @Nullable SideState production,
      List<AddressOwner> owners) {
    public NetworkView {
      owners = List.copyOf(owners);
    }
  }

  /**
   * A site.
   *
   * @param starting VMs that are starting there now, of at most {@code startingAtMost}
   * @param transferring replicas that are being sent to now, of at most {@code transferringAtMost}
   */
  public record SiteView(
      String name,
      Pace pace,
      int starting,
      int startingAtMost,
      int transferring,
      int transferringAtMost) {}

  /**
   * A VM that an operation has taken off its networks, and none has put back.
   *
   * @param vm as the operation has named it, its side first
   */
  public record IsolationView(String vm, Instant since) {}

  /**
   * A cycle that waits for a place among the transfers to its site.
   *
   * @param reason which places are taken
   */
  public record WaitView(String reason, Instant since) {}

  /** A failback that is open. */
  public record FailbackView(Failback failback, Instant since) {}

  /**
   * Something that is not as Switchback left it.
   *
   * @param lookedAt when the replica was looked at last
   */
  public record DriftView(
      String replicaId, String vm, Drift drift, Instant firstSeenAt, Instant lookedAt) {}

  /**
   * A replica with the facts beside its state.
   *
   * @param claim null when no operation holds it
   * @param hold why replication waits; null when it does not
   * @param points that an operation may ask for, newest first
   * @param newestPointAge the measured RPO; null while there is no point
   * @param mark what of production's shape could not be carried over; null when all could
   * @param group that the VM is in; empty when in none
   * @param lastProblem why the last cycle came to nothing; null when it did not
   * @param transferWait null when its cycle does not wait for a place
   * @param isolation null when neither of its VMs was taken off its networks
   * @param failback null when none is open
   * @param window at whose end its failover or failback ends by itself; null when none is open
   */
  public record ReplicaView(
      Replica replica,
      ReplicaState state,
      long cycle,
      @Nullable ClaimView claim,
      @Nullable String hold,
      List<RestorePoint> points,
      @Nullable Duration newestPointAge,
      @Nullable String lastProblem,
      @Nullable Instant lastProblemAt,
      Policy policy,
      @Nullable String mark,
      String group,
      @Nullable WaitView transferWait,
      @Nullable IsolationView isolation,
      @Nullable FailbackView failback,
      @Nullable CommitWindow window) {
    public ReplicaView {
      points = List.copyOf(points);
    }
  }

  /** Who holds a replica. */
  public record ClaimView(
      String operationId,
      Operation operation,
      String workflowId,
      String runId,
      String by,
      Instant since) {}

  /**
   * A group of VMs.
   *
   * @param vms by name
   * @param points ids of its restore points that have a part for every member, newest first
   * @param problem why the last cycle made none; null when it made one
   */
  public record GroupView(
      String name, List<String> vms, List<String> points, @Nullable String problem) {
    public GroupView {
      vms = List.copyOf(vms);
      points = List.copyOf(points);
    }
  }
}
