package io.switchback.port;

import io.switchback.model.DiskFormat;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.Seed;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The VM at the recovery site that a replica's data go to, or at the production site that they come
 * back to. It is marked as Switchback's, so that nobody starts it by accident.
 *
 * <p>Every method: SITE_UNREACHABLE (retried). Every change: FENCED, and nothing changed, when the
 * site has seen a higher fence for the VM. Seconds; heartbeats.
 */
@ActivityInterface
public interface PlaceholderActivities {
  /**
   * Makes a VM of that hardware, with an empty disk of the same capacity for each of production's,
   * that is off and that only Switchback may power on. Asked to begin from a seed, takes that VM
   * instead, as it is, and keeps what its disks hold.
   *
   * <p>If the replica's VM is there already, known by the replica's id, answers it with {@code
   * changed = false}.
   *
   * @throws io.switchback.fault.FaultException INVALID_INPUT when another VM has the name, or the
   *     site knows no such host or datastore; SHAPE_CHANGED when the seed's disks are not as large
   *     as production's; WRONG_POWER_STATE when the seed runs; VM_NOT_FOUND when there is no seed;
   *     REFUSED when the seed is another replica's; DATASTORE_FULL
   */
  Placed placeVm(PlaceVm request);

  /**
   * Removes the VM with its disks and snapshots. If it is gone already, or was never made, answers
   * {@code changed = false}, and a late {@code placeVm} under a lower fence is refused.
   *
   * @throws io.switchback.fault.FaultException WRONG_POWER_STATE when it runs; REFUSED when it is
   *     not marked as the replica's, so that nobody's own VM is removed; DISK_IN_USE while a copy
   *     shares its files
   */
  Done removeVm(ChangeVm request);

  /**
   * Leaves the VM to the people of the site, with its disks and snapshots as they are: from now on
   * it is a VM like any other, and anybody may power it on.
   *
   * <p>If it is not marked as the replica's, or gone, answers {@code changed = false}.
   */
  Done leaveVm(ChangeVm request);

  /**
   * Carries production's shape over to the replica's VM, which is off: adds a disk for each that
   * production has gained, grows those that have grown, takes away those that it has lost, and sets
   * name, CPUs, memory, firmware and network cards, and, where a placement is given, host and
   * folder.
   *
   * <p>What is so already stays as it is; with nothing to do answers {@code changed = false}. A
   * disk that has shrunk gets a new, empty one in its place.
   *
   * @throws io.switchback.fault.FaultException WRONG_POWER_STATE when it runs; VM_NOT_FOUND;
   *     DATASTORE_FULL; SHAPE_CHANGED when the platform cannot make it so, with what a person can
   *     do
   */
  Reshaped reshapeVm(ReshapeVm request);

  /**
   * Asks for the replica's VM.
   *
   * @param replicaId by which the VM is known, or another mark that no other VM has
   * @param name that it shall have; a seed keeps its own
   * @param hardware with the network cards as they shall be here, by this site's networks
   * @param production the production VM's disks
   * @param seed null for an empty VM
   * @param format of disks that are made
   */
  record PlaceVm(
      Mandate mandate,
      String site,
      String replicaId,
      String name,
      Hardware hardware,
      List<DiskShape> production,
      Placement placement,
      @Nullable Seed seed,
      DiskFormat format) {
    public PlaceVm {
      production = List.copyOf(production);
      format = format == null ? DiskFormat.THIN : format;
    }

    /** With disks that take room as they are written. */
    public PlaceVm(
        Mandate mandate,
        String site,
        String replicaId,
        String name,
        Hardware hardware,
        List<DiskShape> production,
        Placement placement,
        @Nullable Seed seed) {
      this(mandate, site, replicaId, name, hardware, production, placement, seed, DiskFormat.THIN);
    }
  }

  /** The replica's VM, and its disks beside production's in production's order. */
  record Placed(VmRef vm, List<DiskPair> disks, boolean changed, int attempt) {
    public Placed {
      disks = List.copyOf(disks);
    }
  }

  /**
   * Asks to change what becomes of the replica's VM.
   *
   * @param vm its id, or its name where the answer that told the id was lost
   */
  record ChangeVm(Mandate mandate, String replicaId, VmRef vm) {}

  /**
   * Asks for production's shape.
   *
   * @param name that the VM shall have
   * @param hardware with the network cards by this site's networks
   * @param known pairs of disks so far
   * @param production disks now
   * @param placement host and folder to move to, each unless it is empty; disks never move to
   *     another datastore; null: it stays where it stands
   */
  record ReshapeVm(
      Mandate mandate,
      VmRef recovery,
      String name,
      Hardware hardware,
      List<DiskPair> known,
      List<DiskShape> production,
      @Nullable Placement placement) {
    public ReshapeVm {
      known = List.copyOf(known);
      production = List.copyOf(production);
    }

    /** Of a VM that stays where it stands. */
    public ReshapeVm(
        Mandate mandate,
        VmRef recovery,
        String name,
        Hardware hardware,
        List<DiskPair> known,
        List<DiskShape> production) {
      this(mandate, recovery, name, hardware, known, production, null);
    }
  }

  /** The VM as it is now, its disks beside production's in production's order. */
  record Reshaped(VmRef vm, List<DiskPair> disks, boolean changed, int attempt) {
    public Reshaped {
      disks = List.copyOf(disks);
    }
  }
}
