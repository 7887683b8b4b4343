package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.Mistakes;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/**
 * Copies of replicas at one site: VMs that begin with what a restore point holds, for a drill to
 * power on. Neither the replica nor its replication notices. A copy is marked as one, so that
 * nobody takes it for a replica, and no rule protects it.
 *
 * <p>Every method: SITE_UNREACHABLE (retried). Every change: FENCED, and nothing changed, when the
 * site has seen a higher fence for the copy.
 */
@ActivityInterface
public interface CopyActivities {
  /**
   * Makes a VM of the hardware of another one, which is off, with disks that hold what that one's
   * held at the snapshot, and with cards in networks of a drill alone.
   *
   * <p>If the copy is there already, known by its id, answers it with {@code changed = false}.
   * Seconds where it is linked, else as long as its disks take to copy; heartbeats.
   *
   * @throws io.switchback.fault.FaultException VM_NOT_FOUND; RESTORE_POINT_NOT_FOUND; REFUSED when
   *     a card is to be in a network that is not a drill's; INVALID_INPUT when another VM has the
   *     name, or the site knows no such host or datastore; DATASTORE_FULL
   */
  Copied copyVm(CopyVm request);

  /**
   * Removes the copy with its disks. If it is gone already, or was never made, answers {@code
   * changed = false}, and a late {@code copyVm} under a lower fence is refused.
   *
   * @throws io.switchback.fault.FaultException WRONG_POWER_STATE when it runs
   */
  Done removeCopy(RemoveCopy request);

  /** Answers every copy that the site has, by name: what drills have left. Changes nothing. */
  Copies listCopies(ListCopies request);

  /**
   * Asks for a copy.
   *
   * @param of the VM whose disks it begins with
   * @param snapshot of that VM
   * @param copyId by which the copy is known; no other has it
   * @param name that the copy shall have
   * @param linked whether it may share the snapshot's files, where the platform can: it takes
   *     hardly any time and room then, and the snapshot cannot be removed meanwhile
   * @param nics all of its cards
   */
  record CopyVm(
      Mandate mandate,
      VmRef of,
      String snapshot,
      String copyId,
      String name,
      boolean linked,
      Placement placement,
      List<Nic> nics) {
    public CopyVm {
      nics = List.copyOf(nics);
      new Mistakes()
          .required(snapshot, "snapshot")
          .required(copyId, "copyId")
          .required(name, "name")
          .refuse("copy");
    }
  }

  /**
   * The copy.
   *
   * @param linked whether it shares the snapshot's files
   */
  record Copied(VmRef vm, boolean linked, boolean changed, int attempt) {}

  /** Asks to remove the copy of {@code of}. */
  record RemoveCopy(Mandate mandate, String copyId, VmRef of) {}

  /** Asks for the copies of a site. */
  record ListCopies(String site) {}

  /** The copies of a site, by name. */
  record Copies(List<Copy> copies) {
    public Copies {
      copies = List.copyOf(copies);
    }
  }

  /** A copy, and the id by which it is known. */
  record Copy(String copyId, VmRef vm) {}
}
