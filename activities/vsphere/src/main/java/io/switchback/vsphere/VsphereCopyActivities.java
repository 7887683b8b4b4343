package io.switchback.vsphere;

import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities;
import io.switchback.port.Done;
import java.rmi.RemoteException;
import java.util.Optional;

/**
 * Copies of VMs at a vCenter. The instance uuid of a copy follows from its id, so that an attempt
 * whose answer was lost finds what it has made; that it is a copy is marked in its own
 * configuration.
 */
public final class VsphereCopyActivities implements CopyActivities {
  private final VCenters vcenters;

  public VsphereCopyActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public Copied copyVm(CopyVm request) {
    String what =
        "copy %s at snapshot '%s' to '%s'"
            .formatted(request.of(), request.snapshot(), request.name());
    return VsphereFaults.translated(
        what,
        () -> {
          stayAlive();
          VCenter vcenter = vcenters.of(request.of());
          VmList listed = VmList.read(vcenter);
          Optional<VmRef> known = listed.copy(request.copyId());
          if (known.isPresent()) {
            Fences.raise(what, vcenter, known.get(), request.mandate());
            return copied(vcenter, known.get(), false);
          }
          VmRef copy = new Copying(what, vcenter, request, fence(request.mandate())).run(listed);
          return copied(vcenter, copy, true);
        });
  }

  private static Copied copied(VCenter vcenter, VmRef copy, boolean changed)
      throws RemoteException {
    Properties.Row row = Machine.read(vcenter, copy, "name", "config.extraConfig").row();
    return new Copied(
        VmList.ref(vcenter.site(), row),
        LinkedCopies.isLinked(row),
        changed,
        RunningActivity.attempt());
  }

  @Override
  public Done removeCopy(RemoveCopy request) {
    String what = "remove copy '%s' of %s".formatted(request.copyId(), request.of());
    return VsphereFaults.translated(
        what,
        () -> {
          stayAlive();
          VCenter vcenter = vcenters.of(request.of());
          Optional<VmRef> found = VmList.read(vcenter).copy(request.copyId());
          if (found.isPresent()) {
            Machine copy = Fences.raise(what, vcenter, found.get(), request.mandate());
            VspherePlaceholderActivities.requireOff(what, copy);
          }
          GivenUp.ofDrills(vcenter).record(what, request.copyId(), fence(request.mandate()));
          if (found.isPresent()) {
            VspherePlaceholderActivities.destroy(what, vcenter, found.get());
          }
          release(what, vcenter, request);
          return new Done(found.isPresent(), RunningActivity.attempt());
        });
  }

  /** Where the VM is gone, so is what it shared. */
  private static void release(String what, VCenter vcenter, RemoveCopy request)
      throws RemoteException {
    if (VmList.read(vcenter).withId(request.of().id()).isPresent()) {
      new LinkedCopies(vcenter)
          .release(what, Machine.read(vcenter, request.of(), Attribute.PATH), request.copyId());
    }
  }

  @Override
  public Copies listCopies(ListCopies request) {
    return VsphereFaults.translated(
        "list the copies at site '%s'".formatted(request.site()),
        () -> new Copies(VmList.read(vcenters.at(request.site())).copies()));
  }

  /** The next attempt is told the task that this one was told, until there is a newer one. */
  private static void stayAlive() {
    RunningActivity.heartbeat(RunningActivity.told(TaskNote.class).orElse(TaskNote.NONE));
  }

  private static Fence fence(Mandate mandate) {
    return mandate.atAttempt(RunningActivity.attempt()).fence();
  }
}
