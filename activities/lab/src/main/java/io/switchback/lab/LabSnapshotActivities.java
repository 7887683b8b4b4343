package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Consistency;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.SnapshotActivities;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Snapshots of lab VMs, found by their names: the site itself would make a second one of the same
 * name.
 */
public final class LabSnapshotActivities implements SnapshotActivities {
  private final LabSites sites;

  public LabSnapshotActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public Snapshot createSnapshot(CreateSnapshot request) {
    String what = "snapshot " + request.vm();
    return changing(
        what,
        request.mandate(),
        request.vm(),
        (site, stamp) ->
            answer(
                find(site.look(request.vm().id()), request.name())
                    .orElseGet(
                        () ->
                            site.createSnapshot(
                                request.vm().id(), request.name(), request.quiesced(), stamp))));
  }

  static Snapshot answer(SnapshotView made) {
    return new Snapshot(
        made.name(),
        made.takenAt(),
        made.quiesced() ? Consistency.APPLICATION : Consistency.CRASH,
        made.changeIds(),
        RunningActivity.attempt());
  }

  @Override
  public Snapshots listSnapshots(ListSnapshots request) {
    VmView view =
        LabFaults.translated(
            "list the snapshots of " + request.vm(),
            () -> sites.client(request.vm()).look(request.vm().id()));
    List<String> names =
        view.snapshots().stream()
            .sorted(Comparator.comparing(SnapshotView::takenAt))
            .map(SnapshotView::name)
            .toList();
    String current =
        view.snapshots().stream()
            .filter(SnapshotView::isCurrent)
            .map(SnapshotView::name)
            .findFirst()
            .orElse("");
    return new Snapshots(names, current, view.unsavedBytes());
  }

  @Override
  public Reverted revertToSnapshot(ChangeSnapshot request) {
    String what = "revert %s to snapshot '%s'".formatted(request.vm(), request.name());
    return changing(
        what, request.mandate(), request.vm(), (site, stamp) -> revert(what, request, site, stamp));
  }

  private static Reverted revert(String what, ChangeSnapshot request, LabClient site, Stamp stamp) {
    VmView view = site.look(request.vm().id());
    SnapshotView snapshot =
        find(view, request.name())
            .orElseThrow(
                () ->
                    new FaultException(
                        Fault.RESTORE_POINT_NOT_FOUND,
                        "Could not %s: there is no such snapshot. Choose another restore point."
                            .formatted(what)));
    // The site would cut the power of a running VM; here that takes a step of its own.
    if (view.power() == PowerState.ON) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: the VM runs. Power it off, then retry the step.".formatted(what));
    }
    if (snapshot.isCurrent() && view.unsavedBytes() == 0) {
      return new Reverted(false, 0, RunningActivity.attempt());
    }
    var _ = site.revert(request.vm().id(), snapshot.id(), stamp);
    return new Reverted(true, view.unsavedBytes(), RunningActivity.attempt());
  }

  @Override
  public Done removeSnapshot(ChangeSnapshot request) {
    String what = "remove snapshot '%s' of %s".formatted(request.name(), request.vm());
    return changing(
        what,
        request.mandate(),
        request.vm(),
        (site, stamp) -> {
          Optional<SnapshotView> found = find(site.look(request.vm().id()), request.name());
          if (found.isPresent()) {
            site.removeSnapshot(request.vm().id(), found.get().id(), stamp);
          }
          return new Done(found.isPresent(), RunningActivity.attempt());
        });
  }

  static Optional<SnapshotView> find(VmView view, String name) {
    return view.snapshots().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  private <T> T changing(
      String what, Mandate mandate, VmRef vm, BiFunction<LabClient, Stamp, T> change) {
    LabClient site = sites.client(vm);
    Stamp stamp = LabSites.stamp(mandate);
    return LabFaults.translated(
        what,
        () ->
            RunningActivity.alive(
                what,
                () -> {
                  // First, so that a late attempt is refused also when there is nothing to change.
                  site.fence(vm.id(), stamp);
                  return change.apply(site, stamp);
                }));
  }
}
