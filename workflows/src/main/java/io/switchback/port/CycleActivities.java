package io.switchback.port;

import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.RoomSettings;
import io.switchback.model.VmRef;
import io.switchback.model.VmShape;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the registry keeps of replication cycles. Every method: REGISTRY_UNAVAILABLE (retried);
 * REFUSED when the replica is no longer protected.
 */
@ActivityInterface
public interface CycleActivities {

  /**
   * Begins a cycle, unless the replica is on hold, claimed, not in a state that replicates, or
   * replicated by another loop: its own while it is in no group, the group's while it is in one.
   * Each question counts the cycle number up; every attempt of it is answered the same cycle, and
   * one that comes when a later question has begun a cycle begins none: a worker that woke up late
   * must not fence off the cycle that runs. Milliseconds.
   *
   * <p>With a mandate, neither the hold nor the claim of the mandate's operation is in the way, nor
   * whose loop it is: the operation runs the cycle itself.
   *
   * @throws io.switchback.fault.FaultException REFUSED also when the replica is PERMANENT: its loop
   *     then ends; FENCED when the mandate's operation does not hold the claim
   */
  CycleStart beginCycle(BeginCycle request);

  /**
   * Records the cycle's restore point with the disks that it holds, and remembers the change ids
   * for the next one and the shape that was carried over; the first one makes the replica READY.
   * Answers the restore points that retention lets go, oldest first: never the newest, never one
   * that is in use, never one that is part of a group's. With a mandate, none: the points that an
   * operation makes are extra, and older ones stay until the next cycle of a loop.
   *
   * <p>If the cycle is recorded already, answers the same. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException FENCED when the replica was claimed or put on hold
   *     since the cycle began, or the mandate's operation does not hold the claim; SHAPE_CHANGED
   *     when a disk is another replica's still; nothing is recorded then
   */
  CycleEnd completeCycle(CompleteCycle request);

  /**
   * Records why a cycle ended without a restore point. If it is recorded already, nothing changes.
   * Milliseconds.
   */
  Done abandonCycle(AbandonCycle request);

  /**
   * Forgets a restore point whose snapshot is gone. If it is forgotten already, answers {@code
   * changed = false}.
   *
   * @throws io.switchback.fault.FaultException REFUSED when it is the newest, or in use
   */
  Done forgetRestorePoint(ForgetRestorePoint request);

  /**
   * Asks to begin a cycle.
   *
   * @param group whose loop asks; empty when it is the replica's own
   * @param question that this is an attempt of
   * @param mandate of the operation that holds the replica and runs the cycle itself; null when a
   *     loop asks
   */
  record BeginCycle(String replicaId, String group, Question question, @Nullable Mandate mandate) {
    public BeginCycle {
      group = group == null ? "" : group;
      question = question == null ? Question.NONE : question;
    }

    /** Asked by a loop. */
    public BeginCycle(String replicaId, String group, Question question) {
      this(replicaId, group, question, null);
    }

    /** A question of its own. */
    public BeginCycle(String replicaId, String group) {
      this(replicaId, group, Question.NONE);
    }

    /** Asked by the replica's own loop. */
    public BeginCycle(String replicaId) {
      this(replicaId, "");
    }
  }

  /**
   * By which the attempts of one question are known.
   *
   * @param run of the loop that asks
   * @param number within the run, counting up
   */
  record Question(String run, long number) {
    /** Asked once. */
    public static final Question NONE = new Question("", 0);

    /** Whether it is another attempt of that one. */
    public boolean isAttemptOf(Question begun) {
      return !run.isEmpty() && equals(begun);
    }

    /** Whether it was asked before that one. */
    public boolean isBefore(Question begun) {
      return !run.isEmpty() && run.equals(begun.run) && number < begun.number;
    }
  }

  /**
   * Answer of {@code beginCycle}.
   *
   * @param plan null when no cycle may begin now
   * @param waitingFor why none may, for people; empty otherwise
   * @param group that the replica is in; empty when in none
   * @param interval time from the start of one cycle to the start of the next
   * @param rpo by which the age of the newest restore point is measured; null when it is not,
   *     because replication is not meant to go on now or there is no point yet
   * @param rpoObjective how old the newest restore point may become
   * @param lookEvery when to look again while no cycle may begin; absent: after 1 min
   */
  record CycleStart(
      @Nullable CyclePlan plan,
      String waitingFor,
      String group,
      Duration interval,
      @Nullable RpoTerms rpo,
      Duration rpoObjective,
      Duration lookEvery,
      int attempt) {
    public CycleStart {
      group = group == null ? "" : group;
      lookEvery = lookEvery == null ? RoomSettings.DEFAULT.lookEvery() : lookEvery;
    }

    /** A start that is looked at again as usual. */
    public CycleStart(
        @Nullable CyclePlan plan,
        String waitingFor,
        String group,
        Duration interval,
        @Nullable RpoTerms rpo,
        Duration rpoObjective,
        int attempt) {
      this(
          plan,
          waitingFor,
          group,
          interval,
          rpo,
          rpoObjective,
          RoomSettings.DEFAULT.lookEvery(),
          attempt);
    }
  }

  /**
   * What an RPO is measured by.
   *
   * @param newest when the newest restore point was taken
   * @param objective how old it may become
   */
  record RpoTerms(Instant newest, Duration objective) {}

  /**
   * A cycle to run.
   *
   * @param number of the cycle, unique per replica
   * @param fence with the epoch read now and the cycle's number in place of the step number
   * @param newest restore point, which the replica's disks must stand on before they are written;
   *     null before the first
   * @param changeIds by production disk, from the newest point's snapshot; empty before the first
   * @param compare why this cycle compares both disks in full, as a clause; empty when it need not
   * @param shape of production as it was carried over last; null when it never was
   * @param networks from production's to the recovery site's; empty: they are called the same
   * @param snapshots of all restore points, also of those that retention has let go
   * @param move where the replica's VM is to stand from now on; null: where it stands
   */
  record CyclePlan(
      Replica replica,
      long number,
      Fence fence,
      @Nullable RestorePoint newest,
      Map<String, String> changeIds,
      boolean quiesced,
      String compare,
      @Nullable VmShape shape,
      List<NetworkMapping> networks,
      List<String> snapshots,
      @Nullable Placement move) {
    public CyclePlan {
      changeIds = Map.copyOf(changeIds);
      compare = compare == null ? "" : compare;
      networks = networks == null ? List.of() : List.copyOf(networks);
      snapshots = snapshots == null ? List.of() : List.copyOf(snapshots);
    }
  }

  /**
   * Asks to record a cycle's restore point.
   *
   * @param compared whether all that its disks held was compared with production, or copied
   * @param carried null when the shape is as it was recorded last
   * @param mandate of the operation that ran the cycle; null when a loop did
   */
  record CompleteCycle(
      String replicaId,
      long number,
      Fence fence,
      RestorePoint restorePoint,
      Map<String, String> changeIds,
      long sentBytes,
      Duration took,
      boolean compared,
      @Nullable CarriedShape carried,
      @Nullable Mandate mandate) {
    public CompleteCycle {
      changeIds = Map.copyOf(changeIds);
    }

    /** Of a loop's cycle. */
    public CompleteCycle(
        String replicaId,
        long number,
        Fence fence,
        RestorePoint restorePoint,
        Map<String, String> changeIds,
        long sentBytes,
        Duration took,
        boolean compared,
        @Nullable CarriedShape carried) {
      this(
          replicaId,
          number,
          fence,
          restorePoint,
          changeIds,
          sentBytes,
          took,
          compared,
          carried,
          null);
    }

    /** By change lists, of a replica whose shape is as it was recorded last. */
    public CompleteCycle(
        String replicaId,
        long number,
        Fence fence,
        RestorePoint restorePoint,
        Map<String, String> changeIds,
        long sentBytes,
        Duration took) {
      this(replicaId, number, fence, restorePoint, changeIds, sentBytes, took, false, null);
    }
  }

  /**
   * Production's shape as the replica has it now.
   *
   * @param production under its present name
   * @param mark what could not be carried over, in a sentence; empty when everything was
   * @param moved where the replica's VM stands now; null when it was not moved
   */
  record CarriedShape(
      VmRef production,
      VmShape shape,
      VmRef recovery,
      List<DiskPair> disks,
      List<String> networks,
      String mark,
      @Nullable Placement moved) {
    public CarriedShape {
      disks = List.copyOf(disks);
      networks = List.copyOf(networks);
      mark = mark == null ? "" : mark;
    }

    /** Of a VM that stands where it stood. */
    public CarriedShape(
        VmRef production,
        VmShape shape,
        VmRef recovery,
        List<DiskPair> disks,
        List<String> networks,
        String mark) {
      this(production, shape, recovery, disks, networks, mark, null);
    }
  }

  /** Restore points whose snapshots may go now. */
  record CycleEnd(List<RestorePoint> expired, int attempt) {
    public CycleEnd {
      expired = List.copyOf(expired);
    }
  }

  /** Asks to record why a cycle came to nothing. */
  record AbandonCycle(String replicaId, long number, String reason) {}

  /** Asks to forget a restore point. */
  record ForgetRestorePoint(String replicaId, String restorePointId) {}
}
