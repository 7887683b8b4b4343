package io.switchback.vsphere;

import com.vmware.vim25.VirtualDisk;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.RateLimits;
import io.switchback.delta.TransferBook;
import io.switchback.delta.trust.TrustException;
import io.switchback.delta.wire.RemoteDisks;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.TransferActivities;
import io.switchback.transfer.DiskMove;
import io.switchback.transfer.TransferFaults;
import java.io.IOException;
import java.rmi.RemoteException;
import java.util.List;
import java.util.Optional;

/**
 * Moves disk data to replicas at vCenters, by a worker that runs on a VM there: it attaches the
 * replica's disk to its own VM, writes it as a device, and detaches it.
 *
 * <p>A transfer that is tried again begins anew: what the replica holds already is found by
 * comparing.
 */
public final class VsphereTransferActivities implements TransferActivities {
  private final VCenters vcenters;
  private final Appliances appliances;
  private final DiskMove move;

  /**
   * @param others disks that other sites' workers serve
   * @param book where what is moved is counted
   * @param limits how much may travel
   */
  public VsphereTransferActivities(
      VCenters vcenters,
      Appliances appliances,
      RemoteDisks others,
      TransferBook book,
      RateLimits limits) {
    this.vcenters = vcenters;
    this.appliances = appliances;
    this.move = new DiskMove(others, book, limits);
  }

  @Override
  public Done fenceOff(FenceOff request) {
    String what = "fence off " + request.replica();
    VmRef vm = request.replica().recovery();
    return VsphereFaults.translated(
        what,
        () -> {
          Fence mine = mine(request.mandate());
          Machine before = Fences.raise(what, vcenters.of(vm), vm, request.mandate());
          // A device that is gone takes no more bytes, whatever its writer believes.
          Attachments.release(what, before);
          boolean isSo = Fences.seen(before.row()).equals(Optional.of(mine));
          return new Done(!isSo, RunningActivity.attempt());
        });
  }

  private static Fence mine(io.switchback.model.Mandate mandate) {
    return mandate.atAttempt(RunningActivity.attempt()).fence();
  }

  @Override
  public Transferred transferDisk(TransferDisk request) {
    String what =
        "copy disk '%s' of %s to %s"
            .formatted(request.disk().productionDisk(), request.production(), request.recovery());
    try {
      return transfer(what, request);
    } catch (RemoteException e) {
      throw VsphereFaults.translate(what, e);
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

  private static FaultException fault(String what, IOException e) {
    return e.getCause() instanceof FaultException known ? known : TransferFaults.of(what, e);
  }

  private Transferred transfer(String what, TransferDisk request)
      throws IOException, InterruptedException {
    RunningActivity.heartbeat(what);
    VmRef vm = request.recovery();
    VCenter recovery = vcenters.of(vm);
    Appliance appliance = appliances.at(what, vm.site());
    Optional<FrozenDisk> near = near(what, request);
    Machine replica = admitted(what, request, recovery, appliance);
    VirtualDisk disk = disk(what, request, replica);
    try (Attached attached = appliance.attach(what, appliance.attachment(vm, disk, true), disk)) {
      FenceWatch watch = new FenceWatch(recovery, vm, mine(request.mandate()), attached);
      // Whoever fenced this off before the disk was attached has not found it there.
      watch.confirm();
      try (DiskSink sink = appliance.devices().sink(attached.link(), watch);
          DiskSource source = open(what, request, near, sink.capacityBytes())) {
        Transferred done = move.run(request, source, sink, changes(request, replica, disk, source));
        watch.confirm();
        return done;
      }
    }
  }

  /** The replica, its fence raised, and recorded there that the appliance gets its disk. */
  private static Machine admitted(
      String what, TransferDisk request, VCenter recovery, Appliance appliance)
      throws RemoteException {
    return Fences.change(
            what,
            recovery,
            request.recovery(),
            request.mandate(),
            now -> {
              requireOff(what, now);
              Attachment wanted =
                  appliance.attachment(request.recovery(), disk(what, request, now), true);
              return wanted.isRecorded(now.row())
                  ? Optional.empty()
                  : Optional.of(Attachments.settings(List.of(wanted.recorded())));
            },
            Untouched.READ.toArray(String[]::new))
        .machine();
  }

  private static void requireOff(String what, Machine replica) {
    if (replica.power() != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: %s %s. Look who powered the replica on."
              .formatted(
                  what, replica.vm(), replica.power() == PowerState.ON ? "runs" : "is suspended"));
    }
  }

  private static VirtualDisk disk(String what, TransferDisk request, Machine replica) {
    return Disks.find(replica.row(), request.disk().recoveryDisk())
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.SHAPE_CHANGED,
                    "Could not %s: the replica has no disk '%s'. Look who removed it."
                        .formatted(what, request.disk().recoveryDisk())));
  }

  /** Production's disk when this worker reads it by itself; looked at before anything is done. */
  private Optional<FrozenDisk> near(String what, TransferDisk request) throws RemoteException {
    return request.stream() == null
        ? Optional.of(
            FrozenDisk.find(
                what,
                vcenters.of(request.production()),
                request.production(),
                request.snapshot(),
                request.disk().productionDisk()))
        : Optional.empty();
  }

  private DiskSource open(
      String what, TransferDisk request, Optional<FrozenDisk> near, long capacityBytes)
      throws IOException {
    TransferActivities.Stream stream = request.stream();
    return stream == null
        ? near.orElseThrow().open(what, appliances.at(what, request.production().site()))
        : move.dial(request, stream, capacityBytes);
  }

  private static ChangedAreas changes(
      TransferDisk request, Machine replica, VirtualDisk disk, DiskSource source)
      throws IOException {
    String since = request.since();
    if (since == null) {
      return DiskMove.withoutChangeId(request);
    }
    try {
      requireUntouched(request, replica, disk);
      ByteRange whole = new ByteRange(0, source.capacityBytes());
      return new ChangedAreas.Listed(source.changedSince(since, whole));
    } catch (ChangesUnknownException unknown) {
      return new ChangedAreas.Compared(String.valueOf(unknown.getMessage()));
    }
  }

  /**
   * What was written through an appliance, change tracking of the replica's VM need not know: so
   * there is a list only when the disk was not written at all since the replica's snapshot.
   */
  private static void requireUntouched(TransferDisk request, Machine replica, VirtualDisk disk)
      throws ChangesUnknownException {
    String standsOn = request.standsOn();
    if (standsOn == null) {
      return;
    }
    boolean standsThere =
        SnapshotTree.of(replica.row())
            .current()
            .filter(current -> current.name().equals(standsOn))
            .isPresent();
    if (!standsThere) {
      throw new ChangesUnknownException(
          "the replica does not stand on its snapshot '%s' any more".formatted(standsOn));
    }
    if (!Untouched.is(replica, disk)) {
      throw new ChangesUnknownException(
          "the replica's disk may have been written since its snapshot '%s', and vSphere does not tell where"
              .formatted(standsOn));
    }
  }
}
