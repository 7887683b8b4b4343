package io.switchback.worker.status;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.FailbackTo;
import io.switchback.model.RestorePoint;
import io.switchback.model.Switchover;
import io.switchback.model.Undoable;
import io.switchback.model.VmRef;
import io.switchback.model.WindowEnd;
import io.switchback.port.SiteActivities.Greeting;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The estate as the registry and Temporal know it together. Names of fields are the names in {@code
 * status --json} and stay.
 *
 * @param vms empty while the registry does not answer
 * @param runs operations that go on; empty while Temporal does not answer
 * @param workers what they answered to {@code hello} last
 * @param builds that runs are pinned to: their workers must stay
 * @param networks that are extended now
 * @param missing why a part of this is not there, a sentence for each
 */
public record EstateStatus(
    Instant at,
    List<VmStatus> vms,
    List<RunStatus> runs,
    List<SiteStatus> sites,
    List<Greeting> workers,
    List<BuildStatus> builds,
    ServiceStatus temporal,
    ServiceStatus registry,
    List<String> missing,
    List<DriftStatus> drift,
    List<RoomStatus> room,
    List<GroupStatus> groups,
    List<NetworkStatus> networks) {
  public EstateStatus {
    networks = List.copyOf(networks);
    drift = List.copyOf(drift);
    room = List.copyOf(room);
    vms = List.copyOf(vms);
    runs = List.copyOf(runs);
    sites = List.copyOf(sites);
    workers = List.copyOf(workers);
    builds = List.copyOf(builds);
    groups = List.copyOf(groups);
    missing = List.copyOf(missing);
  }

  /** The same for these VMs only, with the runs that work on one of them. */
  public EstateStatus only(List<String> names) {
    return new EstateStatus(
        at,
        vms.stream().filter(vm -> names.contains(vm.vm())).toList(),
        runs.stream()
            .filter(run -> run.members().stream().anyMatch(member -> names.contains(member.vm())))
            .toList(),
        sites,
        workers,
        builds,
        temporal,
        registry,
        missing,
        drift.stream().filter(found -> names.contains(found.vm())).toList(),
        room,
        groups.stream().filter(group -> group.vms().stream().anyMatch(names::contains)).toList(),
        networks.stream()
            .filter(network -> network.vms().stream().anyMatch(names::contains))
            .toList());
  }

  /**
   * A production network that is extended to where its VMs have failed over.
   *
   * @param vms for which it is; empty while it is being removed
   * @param taken addresses that stay closed, because another machine at production has them
   * @param workflowId of the loop that looks after it
   */
  public record NetworkStatus(
      String network,
      String productionSite,
      String recoveryNetwork,
      String recoverySite,
      List<String> vms,
      SideStatus recoverySide,
      SideStatus productionSide,
      List<String> taken,
      String workflowId) {
    public NetworkStatus {
      vms = List.copyOf(vms);
      taken = List.copyOf(taken);
    }
  }

  /**
   * A side of an extended network.
   *
   * @param condition UP, ABSENT, DEGRADED; empty until it has been looked at
   */
  public record SideStatus(String condition, String detail) {}

  /**
   * Something that is not as Switchback left it.
   *
   * @param lookedAt when the replica was looked at last
   */
  public record DriftStatus(
      String vm,
      String kind,
      String subject,
      String sentence,
      Instant firstSeenAt,
      Instant lookedAt) {}

  /**
   * A datastore's room.
   *
   * @param fullInSeconds as it fills now; null while it does not, or too little was seen
   */
  public record RoomStatus(
      String site,
      String datastore,
      long capacityBytes,
      long freeBytes,
      @Nullable Long fullInSeconds) {}

  /**
   * A protected VM.
   *
   * @param operation that holds the replica; null when none does
   * @param rpoSeconds age of the newest restore point; null while there is none
   * @param rpoOver whether that is more than the objective; never while replication is on hold
   * @param marked what of production's shape could not be carried over; empty when all could
   * @param group that the VM is in; empty when in none
   * @param isolated null when neither of its VMs was taken off its networks
   * @param failback null when none is open
   * @param window at whose end its failover or failback ends by itself; null when none is open
   */
  public record VmStatus(
      String vm,
      String replicaId,
      VmRef production,
      VmRef recovery,
      ReplicaState state,
      @Nullable HolderStatus operation,
      ReplicationState replication,
      @Nullable RestorePoint newestRestorePoint,
      @Nullable Double rpoSeconds,
      int restorePoints,
      double rpoObjectiveSeconds,
      boolean rpoOver,
      String marked,
      String group,
      @Nullable IsolatedStatus isolated,
      @Nullable FailbackStatus failback,
      @Nullable WindowStatus window) {}

  /**
   * A window that is open.
   *
   * @param atEnd what is done then, unless somebody is faster
   * @param remainingSeconds 0 when its end has passed: then it is tried, or waits for a person
   * @param probes how many are asked first
   * @param extensions how often those have put the end off since a person moved it last
   * @param commands that put the end off, and that cancel it
   */
  public record WindowStatus(
      Undoable of,
      WindowEnd atEnd,
      Instant endsAt,
      double remainingSeconds,
      String by,
      int probes,
      int extensions,
      List<String> commands) {
    public WindowStatus {
      commands = List.copyOf(commands);
    }
  }

  /**
   * A failback that is open.
   *
   * @param target the VM that the data go back to
   * @param switchAt when the switch is due; null unless it is SCHEDULED
   * @param switched whether the target is production now
   * @param rounds how fresh the target is kept; null unless the failback waits for its switch
   */
  public record FailbackStatus(
      FailbackTo to,
      VmRef target,
      Instant since,
      Switchover switchover,
      @Nullable Instant switchAt,
      boolean switched,
      @Nullable RoundsStatus rounds) {}

  /**
   * The synchronisations of a failback that waits for its switch.
   *
   * @param lastAt when the last one was complete; null where nobody wrote that down
   * @param everySeconds null: never by itself
   * @param nextAt when the next one is due, which is past while one runs or came to nothing; null
   *     when none comes before the switch
   */
  public record RoundsStatus(
      @Nullable Instant lastAt, @Nullable Long everySeconds, @Nullable Instant nextAt) {}

  /**
   * A VM that is off its networks.
   *
   * @param vm its side first, as in {@code production vm 'web-01' (web-01) at site 'berlin'}
   * @param answer the command that puts it back
   */
  public record IsolatedStatus(String vm, Instant since, String answer) {}

  /**
   * A group of VMs whose restore points are of one moment.
   *
   * @param newestRestorePoint id; empty while there is none that is whole
   * @param problem why the last cycle made none; empty when it made one
   */
  public record GroupStatus(
      String group,
      List<String> vms,
      String newestRestorePoint,
      int restorePoints,
      String problem) {
    public GroupStatus {
      vms = List.copyOf(vms);
    }
  }

  /**
   * The operation that holds a replica.
   *
   * @param step that it is at; empty when its run cannot be asked
   * @param parked null when it does not wait for a person
   * @param problem that nobody works on, such as a claim whose run is gone; empty when there is
   *     none
   */
  public record HolderStatus(
      String operation,
      String operationId,
      String workflowId,
      String runId,
      String by,
      Instant since,
      String step,
      @Nullable ParkedStatus parked,
      String problem) {}

  /**
   * What a member waits for.
   *
   * @param answers the commands that answer it
   */
  public record ParkedStatus(
      String vm, String step, Fault fault, String message, List<String> answers) {
    public ParkedStatus {
      answers = List.copyOf(answers);
    }
  }

  /**
   * How replication of a VM is.
   *
   * @param running whether its loop runs; null while Temporal cannot be asked
   * @param hold why it waits; empty when it does not
   * @param problem why the last cycle came to nothing; empty when it ended well
   * @param waitsFor the place among the transfers to its site that its cycle waits for, and since
   *     when; empty when it does not wait
   */
  public record ReplicationState(
      @Nullable Boolean running,
      String hold,
      String problem,
      long cycle,
      long intervalSeconds,
      String waitsFor,
      List<TransferStatus> transfers) {
    public ReplicationState {
      transfers = List.copyOf(transfers);
    }
  }

  /**
   * A disk that is being sent.
   *
   * @param percent over all that the transfer has to do, 0 to 100
   * @param bytesPerSecond of the disk that it deals with now; 0 while that is not known
   * @param remainingSeconds null while that cannot be told
   * @param words the same for people
   */
  public record TransferStatus(
      String disk,
      double percent,
      long bytesPerSecond,
      @Nullable Long remainingSeconds,
      String words) {}

  /**
   * An operation that goes on.
   *
   * @param build that it is pinned to; empty when it is not
   * @param link its page in the Temporal UI; null where no UI is known
   * @param problem why its members are not known; empty when they are
   */
  public record RunStatus(
      String workflowId,
      String runId,
      String type,
      Instant begunAt,
      String build,
      @Nullable String link,
      List<MemberPhase> members,
      String problem) {
    public RunStatus {
      members = List.copyOf(members);
    }
  }

  /** Where one VM of a run is. */
  public record MemberPhase(String vm, String phase, @Nullable ParkedStatus parked) {}

  /** A site, with how many VMs are starting and being sent to there now and how many may. */
  public record SiteStatus(
      String site,
      @Nullable String address,
      int starting,
      int startingAtMost,
      int transferring,
      int transferringAtMost) {}

  /**
   * A build that runs are pinned to.
   *
   * @param current whether new runs go to it
   */
  public record BuildStatus(String build, int runs, int parked, boolean current) {}

  /**
   * A service.
   *
   * @param kind how it came to be there; empty when none is known
   * @param address empty when none is known
   * @param problem why it does not serve; empty when it does
   */
  public record ServiceStatus(String kind, String address, @Nullable String ui, String problem) {
    public boolean serves() {
      return problem.isEmpty();
    }
  }
}
