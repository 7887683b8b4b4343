package io.switchback.port;

import io.switchback.model.Consistency;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Snapshots of a VM at one site; the snapshots of a replica are its restore points.
 *
 * <p>Every method: SITE_UNREACHABLE (retried), VM_NOT_FOUND. Every change: FENCED, and nothing
 * changed, when the site has seen a higher fence for the VM. Names are unique per VM: Switchback
 * derives them, and an adapter finds by them what an earlier attempt has made.
 */
@ActivityInterface
public interface SnapshotActivities {

  /**
   * Snapshots all disks of the VM at one moment.
   *
   * <p>If a snapshot of that name exists, answers it and makes none. Asked to be quiesced, the
   * guest's tools complete what is half done; where they cannot, the snapshot is crash-consistent,
   * and says so. Seconds; heartbeats.
   */
  Snapshot createSnapshot(CreateSnapshot request);

  /** Answers the VM's snapshots, oldest first, and what a revert would discard. Changes nothing. */
  Snapshots listSnapshots(ListSnapshots request);

  /**
   * Puts the disks of a VM that is off back to the snapshot. What was written since goes to
   * nowhere; the other snapshots stay.
   *
   * <p>If the disks are at that snapshot already and nothing was written since, answers {@code
   * changed = false}. Seconds; heartbeats.
   *
   * @throws io.switchback.fault.FaultException RESTORE_POINT_NOT_FOUND; WRONG_POWER_STATE when the
   *     VM runs
   */
  Reverted revertToSnapshot(ChangeSnapshot request);

  /**
   * Removes the snapshot; the disks and the other snapshots keep their content.
   *
   * <p>If there is none of that name, answers {@code changed = false}. Seconds to minutes;
   * heartbeats.
   *
   * @throws io.switchback.fault.FaultException DISK_IN_USE while a copy shares its files
   */
  Done removeSnapshot(ChangeSnapshot request);

  /** Asks for a snapshot of {@code vm}. */
  record CreateSnapshot(Mandate mandate, VmRef vm, String name, boolean quiesced) {}

  /** Asks for the snapshots of {@code vm}. */
  record ListSnapshots(VmRef vm) {}

  /** Asks to revert to, or to remove, the snapshot {@code name}. */
  record ChangeSnapshot(Mandate mandate, VmRef vm, String name) {}

  /**
   * A snapshot.
   *
   * @param takenAt by the hypervisor's clock
   * @param changeIds by disk: what to pass as {@code since} to learn what changed after this
   *     moment; empty where changes are not tracked
   */
  record Snapshot(
      String name,
      Instant takenAt,
      Consistency consistency,
      Map<String, String> changeIds,
      int attempt) {
    public Snapshot {
      changeIds = Map.copyOf(changeIds);
    }
  }

  /**
   * A VM's snapshots.
   *
   * @param current name of the snapshot that the disks stand on; empty when they stand on none
   * @param unsavedBytes written since {@code current}: what a revert discards
   */
  record Snapshots(List<String> names, String current, long unsavedBytes) {
    public Snapshots {
      names = List.copyOf(names);
    }
  }

  /** A revert's answer; {@code discardedBytes} is what was lost by it, 0 when nothing changed. */
  record Reverted(boolean changed, long discardedBytes, int attempt) {}
}
