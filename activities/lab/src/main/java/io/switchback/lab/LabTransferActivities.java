package io.switchback.lab;

import io.switchback.delta.CapacityMismatchException;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskFullException;
import io.switchback.delta.FencedException;
import io.switchback.delta.ProofMismatchException;
import io.switchback.delta.Rung;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferProgress;
import io.switchback.delta.TransferResult;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.Done;
import io.switchback.port.TransferActivities;
import java.io.IOException;
import java.util.Optional;

/** Moves disk data from one lab site to another; the worker reaches both. */
public final class LabTransferActivities implements TransferActivities {
  private final LabSites sites;

  public LabTransferActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public Done fenceOff(FenceOff request) {
    String what = "fence off " + request.replica();
    String vm = request.replica().recovery().id();
    LabClient site = sites.client(request.replica().recovery());
    Stamp stamp = LabSites.stamp(request.mandate());
    return LabFaults.translated(
        what,
        () -> {
          boolean isSo = stamp.fence().equals(site.look(vm).fence());
          site.fence(vm, stamp);
          return new Done(!isSo, RunningActivity.attempt());
        });
  }

  @Override
  public Transferred transferDisk(TransferDisk request) {
    String what =
        "copy disk '%s' of %s to %s"
            .formatted(request.disk().productionDisk(), request.production(), request.recovery());
    try {
      return transfer(what, request);
    } catch (LabException e) {
      throw LabFaults.translate(what, e);
    } catch (IOException e) {
      throw fault(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultException(
          Fault.BUSY, "Could not %s: the worker is shutting down.".formatted(what), e);
    }
  }

  private Transferred transfer(String what, TransferDisk request)
      throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    LabClient production = sites.client(request.production());
    LabClient recovery = sites.client(request.recovery());
    String from = request.disk().productionDisk();
    RunningActivity.heartbeat(what);
    requireOff(what, request, recovery.look(request.recovery().id()));
    ChangedAreas changes = changes(request, production);
    try (LabDiskSource source =
            LabDiskSource.open(
                production.site().directory(),
                request.production().id(),
                from,
                request.snapshot());
        LabDiskSink sink =
            LabDiskSink.open(
                recovery,
                request.recovery().id(),
                request.disk().recoveryDisk(),
                LabSites.stamp(request.mandate()))) {
      TransferResult result =
          new Transfer(source, sink, changes, progress -> report(request, progress)).run();
      return new Transferred(
          request.disk().recoveryDisk(),
          result.readBytes(),
          result.sentBytes(),
          source.capacityBytes(),
          result.rung().name(),
          words(result),
          result.proof().root(),
          result.proof().key().text(),
          java.time.Duration.ofNanos(System.nanoTime() - startNanos),
          RunningActivity.attempt());
    }
  }

  private static String words(TransferResult result) {
    return result.rung() == Rung.CHANGE_LIST
        ? "%s; %d blocks outside the list were audited"
            .formatted(result.reason(), result.auditedLeaves())
        : result.reason();
  }

  private static void requireOff(String what, TransferDisk request, VmView replica) {
    if (replica.power() == PowerState.ON) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: %s runs. Look who powered the replica on."
              .formatted(what, request.recovery()));
    }
  }

  private static ChangedAreas changes(TransferDisk request, LabClient production) {
    String vm = request.production().id();
    SnapshotView snapshot = find(production.look(vm), request);
    if (request.since() == null) {
      return request.compared()
          ? new ChangedAreas.Compared(
              "the replica's disk held something before the first copy, so both sides were read")
          : new ChangedAreas.Unknown("there is no earlier cycle of this disk");
    }
    try {
      return new ChangedAreas.Listed(
          production.changedAreas(
              vm, request.disk().productionDisk(), request.since(), snapshot.id()));
    } catch (LabException e) {
      if (e.is(LabFault.CHANGE_TRACKING_RESET)) {
        return new ChangedAreas.Compared(
            "change tracking was reset: '%s' is not known any more".formatted(request.since()));
      }
      throw e;
    }
  }

  private static SnapshotView find(VmView vm, TransferDisk request) {
    Optional<SnapshotView> found =
        vm.snapshots().stream().filter(one -> one.name().equals(request.snapshot())).findFirst();
    return found.orElseThrow(
        () ->
            new LabException(
                LabFault.NO_SUCH_SNAPSHOT, "Snapshot '%s' is gone.".formatted(request.snapshot())));
  }

  private static void report(TransferDisk request, TransferProgress progress) {
    RunningActivity.heartbeat(
        new Progress(
            request.disk().recoveryDisk(),
            progress.readBytes(),
            progress.sentBytes(),
            progress.totalBytes()));
  }

  private static FaultException fault(String what, IOException e) {
    if (e.getCause() instanceof LabException refusal && !(e instanceof FencedException)) {
      return LabFaults.translate(what, refusal);
    }
    Fault fault =
        switch (e) {
          case FencedException _ -> Fault.FENCED;
          case DiskFullException _ -> Fault.DATASTORE_FULL;
          case CapacityMismatchException _ -> Fault.SHAPE_CHANGED;
          case ProofMismatchException _ -> Fault.PROOF_FAILED;
          default -> Fault.SITE_UNREACHABLE;
        };
    return new FaultException(fault, "Could not %s: %s".formatted(what, e.getMessage()), e);
  }
}
