package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities;
import io.switchback.port.Done;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Copies of VMs at a lab site, which copies whole disks: none is linked. The id of a copy's VM
 * follows from the copy's, so that its fence can be raised before there is one.
 */
public final class LabCopyActivities implements CopyActivities {
  /** How a copy's VM names who looks after it; not as a replica's does. */
  private static final String COPY = "switchback-copy/";

  private final LabSites sites;

  public LabCopyActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public Copied copyVm(CopyVm request) {
    String what =
        "copy %s at snapshot '%s' to '%s'"
            .formatted(request.of(), request.snapshot(), request.name());
    return act(what, () -> copy(what, request));
  }

  private Copied copy(String what, CopyVm request) {
    LabClient site = sites.client(request.of());
    Stamp stamp = LabSites.stamp(request.mandate());
    site.fenceId(idOf(request.copyId()), stamp);
    Optional<VmView> known = find(site, request.copyId());
    if (known.isPresent()) {
      return copied(known.get(), request, false);
    }
    try {
      return copied(
          site.copyVm(request.of().id(), request.snapshot(), shape(request), stamp), request, true);
    } catch (LabException e) {
      if (e.is(LabFault.ALREADY_EXISTS)) {
        // An earlier attempt may have made it while this one looked.
        return find(site, request.copyId())
            .map(vm -> copied(vm, request, false))
            .orElseThrow(
                () ->
                    new FaultException(
                        Fault.INVALID_INPUT,
                        "Could not %s: another VM has that name. Give another one.".formatted(what),
                        e));
      }
      throw e;
    }
  }

  private static VmCopy shape(CopyVm request) {
    return new VmCopy(
        idOf(request.copyId()),
        request.name(),
        NetworkCard.of(request.nics()),
        request.placement().folder(),
        request.placement().host(),
        request.placement().datastore(),
        COPY + request.copyId());
  }

  private static Copied copied(VmView vm, CopyVm request, boolean changed) {
    return new Copied(
        new VmRef(request.of().site(), vm.id(), vm.name()),
        false,
        changed,
        RunningActivity.attempt());
  }

  @Override
  public Done removeCopy(RemoveCopy request) {
    String what = "remove copy '%s' of %s".formatted(request.copyId(), request.of());
    return act(
        what,
        () -> {
          LabClient site = sites.client(request.of());
          Stamp stamp = LabSites.stamp(request.mandate());
          site.fenceId(idOf(request.copyId()), stamp);
          Optional<VmView> copy = find(site, request.copyId());
          copy.ifPresent(vm -> site.deleteVm(vm.id(), stamp));
          return new Done(copy.isPresent(), RunningActivity.attempt());
        });
  }

  @Override
  public Copies listCopies(ListCopies request) {
    List<VmView> all =
        LabFaults.translated(
            "list the copies at site '%s'".formatted(request.site()),
            () -> sites.client(request.site()).site().vms());
    return new Copies(
        all.stream()
            .filter(vm -> vm.managedBy().startsWith(COPY))
            .sorted(Comparator.comparing(VmView::name))
            .map(
                vm ->
                    new Copy(
                        vm.managedBy().substring(COPY.length()),
                        new VmRef(request.site(), vm.id(), vm.name())))
            .toList());
  }

  private static Optional<VmView> find(LabClient site, String copyId) {
    return site.site().vms().stream()
        .filter(vm -> vm.managedBy().equals(COPY + copyId))
        .findFirst();
  }

  /** Ids of copies hold letters that ids of VMs do not. */
  private static String idOf(String copyId) {
    return "copy-" + UUID.nameUUIDFromBytes(copyId.getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T act(String what, Supplier<T> act) {
    return LabFaults.translated(what, () -> RunningActivity.alive(what, act));
  }
}
