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
          Copying copying = new Copying(what, vcenter, request, fence(request.mandate()));
          VmRef copy = known.isPresent() ? known.get() : copying.run(listed);
          copying.finish(copy);
          return copied(vcenter, copy, known.isEmpty());
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
          VmList listed = VmList.read(vcenter);
          // Where it is gone, so is what it shared.
          Optional<VmRef> source = listed.withId(request.of().id());
          Optional<VmRef> copy = claimed(what, vcenter, listed, request);
          GivenUp.ofDrills(vcenter).record(what, request.copyId(), fence(request.mandate()));
          if (copy.isEmpty() && source.isPresent() && isBeingMade(vcenter, source.get())) {
            copy = claimed(what, vcenter, VmList.read(vcenter), request);
          }
          if (copy.isPresent()) {
            Removal.destroy(what, vcenter, copy.get(), () -> {});
          }
          if (source.isPresent()) {
            Machine shared = Machine.read(vcenter, source.get(), Attribute.PATH);
            new LinkedCopies(vcenter).release(what, shared, request.copyId());
          }
          return new Done(copy.isPresent(), RunningActivity.attempt());
        });
  }

  /** The copy, if there is one, with our fence; it is off. */
  private static Optional<VmRef> claimed(
      String what, VCenter vcenter, VmList listed, RemoveCopy request) throws RemoteException {
    return Removal.claimed(
        listed.copy(request.copyId()),
        found -> Removal.requireOff(what, Fences.raise(what, vcenter, found, request.mandate())));
  }

  /** Waits for copies that are being made: one of them may be what is to be removed. */
  private static boolean isBeingMade(VCenter vcenter, VmRef source) throws RemoteException {
    return Tasks.settleAll(vcenter, Machine.read(vcenter, source).reference(), TaskKind.CLONE);
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
