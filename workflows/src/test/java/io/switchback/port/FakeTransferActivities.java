package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.PowerState;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Copies between two {@link FakeSite}s; register it on the recovery site's queue. */
public class FakeTransferActivities implements TransferActivities {
  final FakeSite production;
  final FakeSite recovery;

  public FakeTransferActivities(FakeSite production, FakeSite recovery) {
    this.production = production;
    this.recovery = recovery;
  }

  @Override
  public Done fenceOff(FenceOff request) {
    return recovery
        .script()
        .run(
            "fenceOff",
            request.replica().recovery().id(),
            () -> {
              synchronized (recovery) {
                return new Done(raise(request), Attempts.current());
              }
            });
  }

  boolean raise(FenceOff request) {
    FakeVm vm = recovery.vm(request.replica().recovery(), request.mandate());
    boolean changed = false;
    for (DiskPair pair : request.replica().disks()) {
      String disk = pair.recoveryDisk();
      var fence = FakeSite.raise(vm.diskFences.get(disk), request.mandate(), "disk '" + disk + "'");
      changed |= !fence.equals(vm.diskFences.put(disk, fence));
    }
    if (changed) {
      recovery.note(Effect.by(request.mandate(), "raiseFence", vm.ref.id()));
    }
    return changed;
  }

  /**
   * {@inheritDoc}
   *
   * <p>It copies in two batches; a test may let something happen between them by scripting the
   * recovery site's step {@code batch} on the replica's disk.
   */
  @Override
  public Transferred transferDisk(TransferDisk request) {
    return recovery
        .script()
        .run("transferDisk", request.disk().recoveryDisk(), () -> transfer(request));
  }

  private Transferred transfer(TransferDisk request) {
    FakeDisk.Image image = image(request);
    Found found = find(request, image);
    NavigableMap<Long, Byte> bytes = found.bytes();
    long sent = 0;
    for (NavigableMap<Long, Byte> batch : FakeDisk.batches(bytes)) {
      recovery
          .script()
          .run(
              "writeDisk",
              request.disk().recoveryDisk(),
              () -> {
                write(request, batch);
                return batch;
              });
      sent += batch.size();
      Attempts.heartbeat(
          new Progress(
              request.recovery(),
              request.disk().recoveryDisk(),
              sent,
              sent,
              request.disk().capacityBytes(),
              100.0 * sent / Math.max(1, bytes.size()),
              0,
              null));
      recovery.script().run("batch", request.disk().recoveryDisk(), () -> batch);
    }
    recovery.script().run("flush", request.disk().recoveryDisk(), () -> bytes);
    prove(request, bytes);
    return new Transferred(
        request.disk().recoveryDisk(),
        bytes.size(),
        bytes.size(),
        request.disk().capacityBytes(),
        found.rung(),
        found.reason(),
        way(request),
        root(bytes),
        null,
        Duration.ofMillis(1),
        Attempts.current());
  }

  private static String way(TransferDisk request) {
    Stream stream = request.stream();
    return stream == null
        ? "read by path"
        : "streamed from %s: %s".formatted(stream.dataAddress(), stream.grant());
  }

  /** Reads back what was sent. */
  void prove(TransferDisk request, NavigableMap<Long, Byte> sent) {
    synchronized (recovery) {
      String disk = request.disk().recoveryDisk();
      boolean isThere =
          sent.entrySet().stream()
              .allMatch(
                  cell ->
                      recovery.read(request.recovery(), disk, cell.getKey(), 1)[0]
                          == cell.getValue());
      if (!isThere) {
        throw new FaultException(
            Fault.PROOF_FAILED,
            "Could not copy to disk '%s' of %s: it does not hold what it was sent. Suspect its storage."
                .formatted(disk, request.recovery()));
      }
    }
  }

  FakeDisk.Image image(TransferDisk request) {
    synchronized (production) {
      FakeVm vm = production.vm(request.production());
      FakeVm.SnapshotOfAll snapshot = vm.snapshots.get(request.snapshot());
      if (snapshot == null) {
        throw new FaultException(
            Fault.RESTORE_POINT_NOT_FOUND,
            "Could not copy from %s: snapshot '%s' is gone. Begin a new cycle."
                .formatted(request.production(), request.snapshot()));
      }
      FakeDisk disk = vm.disks.get(request.disk().productionDisk());
      if (disk == null || disk.capacityBytes() != capacityOfReplica(request)) {
        throw new FaultException(
            Fault.SHAPE_CHANGED,
            "Could not copy disk '%s' of %s: its capacity is not the replica's. Protect the VM anew."
                .formatted(request.disk().productionDisk(), request.production()));
      }
      return snapshot.images().get(disk.id());
    }
  }

  private long capacityOfReplica(TransferDisk request) {
    synchronized (recovery) {
      FakeDisk disk = recovery.vm(request.recovery()).disks.get(request.disk().recoveryDisk());
      return disk == null ? -1 : disk.capacityBytes();
    }
  }

  void write(TransferDisk request, NavigableMap<Long, Byte> batch) {
    synchronized (recovery) {
      FakeVm vm = recovery.vm(request.recovery());
      String disk = request.disk().recoveryDisk();
      vm.diskFences.put(
          disk, FakeSite.raise(vm.diskFences.get(disk), request.mandate(), "disk '" + disk + "'"));
      if (vm.power != PowerState.OFF) {
        throw new FaultException(
            Fault.WRONG_POWER_STATE,
            "Could not write to %s: it is not off. Look who powered the replica on."
                .formatted(request.recovery()));
      }
      vm.disks.get(disk).write(batch);
      vm.unsavedBytes += batch.size();
      recovery.note(Effect.by(request.mandate(), "writeDisk", disk));
    }
  }

  /** What is to be sent, and how it was found. */
  private record Found(String rung, String reason, NavigableMap<Long, Byte> bytes) {}

  private Found find(TransferDisk request, FakeDisk.Image image) {
    String since = request.since();
    if (since == null && request.compare().isEmpty()) {
      return new Found("FULL_COPY", "There is no earlier cycle.", image.allocated());
    }
    NavigableMap<Long, Byte> differing = differing(request, image);
    var listed =
        since == null
            ? java.util.Optional.<NavigableMap<Long, Byte>>empty()
            : image.changedSince(since);
    if (listed.isPresent()) {
      NavigableMap<Long, Byte> both = new TreeMap<>(listed.get());
      changedAtReplica(request)
          .forEach(offset -> both.put(offset, image.allocated().getOrDefault(offset, (byte) 0)));
      if (isComplete(both, differing)) {
        return new Found("CHANGE_LIST", "The sites list what changed since the last cycle.", both);
      }
    }
    String why =
        listed.isPresent()
            ? "The change list lacks something."
            : since == null
                ? request.compare()
                : "Change tracking was reset: '" + since + "' is unknown.";
    return new Found("FULL_COMPARISON", why, differing);
  }

  /** Where the replica was written since the snapshot that it stands on. */
  Set<Long> changedAtReplica(TransferDisk request) {
    String standsOn = request.standsOn();
    if (standsOn == null) {
      return Set.of();
    }
    synchronized (recovery) {
      FakeVm vm = recovery.vm(request.recovery());
      String disk = request.disk().recoveryDisk();
      String since = vm.snapshots.get(standsOn).images().get(disk).changeId();
      return vm.disks.get(disk).image().changedSince(since).orElseThrow().keySet();
    }
  }

  boolean isComplete(NavigableMap<Long, Byte> listed, NavigableMap<Long, Byte> differing) {
    return listed.keySet().containsAll(differing.keySet());
  }

  private NavigableMap<Long, Byte> differing(TransferDisk request, FakeDisk.Image image) {
    synchronized (recovery) {
      NavigableMap<Long, Byte> here = image.allocated();
      NavigableMap<Long, Byte> there =
          recovery
              .vm(request.recovery())
              .disks
              .get(request.disk().recoveryDisk())
              .image()
              .allocated();
      NavigableMap<Long, Byte> differing = new TreeMap<>();
      there.keySet().forEach(offset -> differing.put(offset, here.getOrDefault(offset, (byte) 0)));
      differing.putAll(here);
      differing
          .entrySet()
          .removeIf(cell -> cell.getValue().equals(there.getOrDefault(cell.getKey(), (byte) 0)));
      return differing;
    }
  }

  String root(NavigableMap<Long, Byte> bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      bytes.forEach(
          (offset, value) ->
              digest.update(
                  (offset + ":" + value + ";")
                      .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
