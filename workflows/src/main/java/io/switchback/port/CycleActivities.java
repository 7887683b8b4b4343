package io.switchback.port;

import io.switchback.model.Fence;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
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
   * Begins a cycle, unless the replica is on hold, claimed, or not in a state that replicates. Each
   * call counts the cycle number up. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException REFUSED also when the replica is PERMANENT: its loop
   *     then ends
   */
  CycleStart beginCycle(BeginCycle request);

  /**
   * Records the cycle's restore point and remembers the change ids for the next one; the first one
   * makes the replica READY. Answers the restore points that retention lets go, oldest first, never
   * the newest.
   *
   * <p>If the cycle is recorded already, answers the same. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException FENCED when the replica was claimed or put on hold
   *     since the cycle began; nothing is recorded then
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
   */
  Done forgetRestorePoint(ForgetRestorePoint request);

  /** Asks to begin a cycle. */
  record BeginCycle(String replicaId) {}

  /**
   * Answer of {@code beginCycle}.
   *
   * @param plan null when no cycle may begin now
   * @param waitingFor why none may, for people; empty otherwise
   * @param interval time from the start of one cycle to the start of the next
   */
  record CycleStart(@Nullable CyclePlan plan, String waitingFor, Duration interval, int attempt) {}

  /**
   * A cycle to run.
   *
   * @param number of the cycle, unique per replica
   * @param fence with the epoch read now and the cycle's number in place of the step number
   * @param newest restore point, which the replica's disks must stand on before they are written;
   *     null before the first
   * @param changeIds by production disk, from the newest point's snapshot; empty before the first
   * @param seeded whether the replica's disks held something before the first copy
   */
  record CyclePlan(
      Replica replica,
      long number,
      Fence fence,
      @Nullable RestorePoint newest,
      Map<String, String> changeIds,
      boolean quiesced,
      boolean seeded) {
    /** Of a replica whose disks were empty before the first copy. */
    public CyclePlan(
        Replica replica,
        long number,
        Fence fence,
        @Nullable RestorePoint newest,
        Map<String, String> changeIds,
        boolean quiesced) {
      this(replica, number, fence, newest, changeIds, quiesced, false);
    }

    public CyclePlan {
      changeIds = Map.copyOf(changeIds);
    }
  }

  /** Asks to record a cycle's restore point. */
  record CompleteCycle(
      String replicaId,
      long number,
      Fence fence,
      RestorePoint restorePoint,
      Map<String, String> changeIds,
      long sentBytes,
      Duration took) {
    public CompleteCycle {
      changeIds = Map.copyOf(changeIds);
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
