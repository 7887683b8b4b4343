package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FencedException;
import io.switchback.delta.RateLimits;
import io.switchback.delta.TransferBook;
import io.switchback.delta.trust.TrustException;
import io.switchback.delta.wire.RemoteDisks;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.TransferActivities;
import io.switchback.transfer.DiskMove;
import io.switchback.transfer.TransferFaults;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Moves disk data to a lab site: from another one by path, or from whoever serves it. */
public final class LabTransferActivities implements TransferActivities {
  private final LabSites sites;
  private final DiskMove move;

  /**
   * @param sites that this worker reaches: the replica's, and those whose disks it reads by path
   * @param others disks that other sites' workers serve
   * @param book where what is moved is counted
   * @param limits how much may travel
   */
  public LabTransferActivities(
      LabSites sites, RemoteDisks others, TransferBook book, RateLimits limits) {
    this.sites = sites;
    this.move = new DiskMove(others, book, limits);
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
    } catch (TrustException e) {
      throw TransferFaults.of(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultException(
          Fault.BUSY, "Could not %s: the worker is shutting down.".formatted(what), e);
    }
  }

  private Transferred transfer(String what, TransferDisk request)
      throws IOException, InterruptedException {
    LabClient recovery = sites.client(request.recovery());
    RunningActivity.heartbeat(what);
    requireOff(what, request, recovery.look(request.recovery().id()));
    try (LabDiskSink sink =
            LabDiskSink.open(
                recovery,
                request.recovery().id(),
                request.disk().recoveryDisk(),
                LabSites.stamp(request.mandate()));
        DiskSource source = open(request, sink.capacityBytes())) {
      source.identity().ifPresent(sink::remember);
      return move.run(request, source, sink, changes(request, source));
    }
  }

  private DiskSource open(TransferDisk request, long capacityBytes) throws IOException {
    VmRef production = request.production();
    Stream stream = request.stream();
    return stream == null
        ? LabDiskSource.open(
            sites.client(production),
            production.id(),
            request.disk().productionDisk(),
            request.snapshot())
        : move.dial(request, stream, capacityBytes);
  }

  private static void requireOff(String what, TransferDisk request, VmView replica) {
    if (replica.power() == PowerState.ON) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: %s runs. Look who powered the replica on."
              .formatted(what, request.recovery()));
    }
  }

  private ChangedAreas changes(TransferDisk request, DiskSource source) throws IOException {
    String since = request.since();
    if (since == null) {
      return DiskMove.withoutChangeId(request);
    }
    try {
      ByteRange whole = new ByteRange(0, source.capacityBytes());
      return new ChangedAreas.Listed(source.changedSince(since, whole), changedAtReplica(request));
    } catch (ChangesUnknownException unknown) {
      return new ChangedAreas.Compared(String.valueOf(unknown.getMessage()));
    }
  }

  /** Where the replica's disk was written since the snapshot that it stands on. */
  private Optional<List<ByteRange>> changedAtReplica(TransferDisk request)
      throws ChangesUnknownException {
    String standsOn = request.standsOn();
    if (standsOn == null) {
      return Optional.empty();
    }
    LabClient recovery = sites.client(request.recovery());
    String vm = request.recovery().id();
    String disk = request.disk().recoveryDisk();
    String then =
        recovery.look(vm).snapshots().stream()
            .filter(snapshot -> snapshot.name().equals(standsOn))
            .findFirst()
            .map(snapshot -> snapshot.changeIds().get(disk))
            .orElseThrow(
                () ->
                    new ChangesUnknownException(
                        "the replica has no snapshot '%s' of this disk any more"
                            .formatted(standsOn)));
    try {
      return Optional.of(recovery.changedAreas(vm, disk, then, standsOn));
    } catch (LabException e) {
      if (e.is(LabFault.CHANGE_TRACKING_RESET)) {
        throw new ChangesUnknownException("change tracking of the replica's disk was reset");
      }
      throw e;
    }
  }

  private static FaultException fault(String what, IOException e) {
    if (e.getCause() instanceof LabException refusal && !(e instanceof FencedException)) {
      return LabFaults.translate(what, refusal);
    }
    return TransferFaults.of(what, e);
  }
}
