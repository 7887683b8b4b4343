package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What data movers do with a VM's disks. */
final class VmTransfers {
  private final VmStore vm;
  private final VmSnapshots snapshots;
  private final TransferLog log;

  VmTransfers(VmStore vm, VmSnapshots snapshots, TransferLog log) {
    this.vm = vm;
    this.snapshots = snapshots;
    this.log = log;
  }

  /**
   * Applies a batch as a whole under the disk's lock.
   *
   * @param payload the bytes of all ranges one after another; owned by the disk from here unless
   *     the call throws
   */
  void write(
      String disk,
      List<ByteRange> ranges,
      List<ByteRange> zeros,
      ByteBuffer payload,
      Runnable release,
      @Nullable Stamp stamp)
      throws IOException {
    vm.lock().lock();
    try {
      vm.admit(stamp, disk);
      LayeredDisk target = vm.disk(disk);
      requireOff(disk);
      ranges.forEach(target::check);
      zeros.forEach(target::check);
      target.reserve(ranges, zeros);
      if (log.count(vm.id(), disk, stamp, payload.remaining())) {
        vm.journal().append(Effect.of("write", vm.definition(), stamp).on(disk));
      }
      int position = payload.position();
      for (ByteRange range : ranges) {
        target.stage(range.offsetBytes(), payload.slice(position, (int) range.lengthBytes()));
        position += (int) range.lengthBytes();
      }
      target.account(payload.capacity(), release);
      zeros.forEach(target::zero);
      target.writeBackIfFull();
    } finally {
      vm.lock().unlock();
    }
  }

  private void requireOff(String disk) {
    if (vm.state().power() == PowerState.ON) {
      throw new LabException(
          LabFault.DISK_IN_USE,
          "Disk '%s' belongs to VM '%s', which runs: only its guest writes it."
              .formatted(disk, vm.definition().name()));
    }
  }

  /** Makes everything written to the disk durable; the device is waited for outside the lock. */
  void flush(String disk, @Nullable Stamp stamp) throws IOException {
    Layer top;
    vm.lock().lock();
    try {
      vm.admit(stamp, disk);
      top = vm.disk(disk).writeBack();
    } finally {
      vm.lock().unlock();
    }
    try {
      top.force();
      vm.disk(disk).tracking().force();
    } catch (ClosedChannelException e) {
      throw new LabException(
          LabFault.DISK_CHANGED,
          "Disk '%s' of VM '%s' was reverted, merged or deleted during the flush."
              .formatted(disk, vm.definition().name()),
          e);
    }
    vm.lock().lock();
    try {
      TransferLog.Count count = log.take(vm.id(), disk, stamp);
      if (count.batches() > 0) {
        vm.journal()
            .append(
                Effect.of("flush", vm.definition(), stamp)
                    .on(disk)
                    .with(Map.of("batches", count.batches(), "bytes", count.bytes())));
      }
    } finally {
      vm.lock().unlock();
    }
  }

  /** Fills the buffer from the present state or from a snapshot. */
  void read(String disk, @Nullable String snapshot, long offset, ByteBuffer target)
      throws IOException {
    vm.lock().lock();
    try {
      ByteRange range = new ByteRange(offset, target.remaining());
      if (snapshot == null) {
        LayeredDisk source = vm.disk(disk);
        source.check(range);
        source.read(null, offset, target);
      } else {
        SnapshotState.Point point = snapshots.point(snapshots.find(snapshot), disk);
        LayeredDisk.check(range, point.capacityBytes());
        vm.anyDisk(disk).read(point.layer(), offset, target);
      }
    } finally {
      vm.lock().unlock();
    }
  }

  /** The disk as it stands at each call, with what is not flushed yet. */
  DiskSource present(String disk) {
    vm.lock().lock();
    try {
      return new PresentDisk(this, disk, vm.disk(disk).capacityBytes());
    } finally {
      vm.lock().unlock();
    }
  }

  /** Grains that hold bytes now, or will when the cache is written back. */
  List<ByteRange> allocated(String disk) {
    vm.lock().lock();
    try {
      return vm.disk(disk).allocated();
    } finally {
      vm.lock().unlock();
    }
  }

  /**
   * What may differ between the moment of {@code since} and the snapshot, never less.
   *
   * @param since a change id, or {@code *} for everything the snapshot holds bytes for
   */
  List<ByteRange> changedAreas(String disk, String since, String snapshot) {
    vm.lock().lock();
    try {
      SnapshotState.Point point = snapshots.point(snapshots.find(snapshot), disk);
      LayeredDisk source = vm.anyDisk(disk);
      if (since.equals("*")) {
        return source.allocated(point.layer());
      }
      return source.tracking().changedBetween(since, point.changeId());
    } finally {
      vm.lock().unlock();
    }
  }

  void resetTracking(String disk, @Nullable Stamp stamp) throws IOException {
    vm.lock().lock();
    try {
      vm.admit(stamp);
      LayeredDisk target = vm.disk(disk);
      target.tracking().reset(target.capacityBytes());
      vm.journal().append(Effect.of("resetTracking", vm.definition(), stamp).on(disk));
    } finally {
      vm.lock().unlock();
    }
  }
}
