package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.state.NoteLine;
import io.switchback.delta.state.TagMapFile;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
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
   * Applies the batch of a write as a whole under the disk's lock.
   *
   * @param payload the bytes of all ranges one after another; owned by the disk from here unless
   *     the call throws
   */
  void write(Requests.Frame write, ByteBuffer payload, Runnable release) throws IOException {
    String disk = write.disk();
    List<ByteRange> ranges = write.ranges();
    List<ByteRange> zeros = write.zeros() == null ? List.of() : write.zeros();
    Stamp stamp = write.stamp();
    vm.lock().lock();
    try {
      vm.admit(stamp, disk);
      LayeredDisk target = vm.disk(disk);
      requireOff(disk);
      ranges.forEach(target::check);
      zeros.forEach(target::check);
      target.admit(write.attempt());
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

  /**
   * Begins an attempt of a transfer, adds to what is known of it or forgets that.
   *
   * @return the answer's lines
   */
  List<String> ofTransfer(Requests.Frame frame) throws IOException {
    LayerJournal journal;
    vm.lock().lock();
    try {
      vm.admit(frame.stamp(), frame.disk());
      journal = vm.disk(frame.disk()).journal();
      switch (frame.kind()) {
        case "beginTransfer" -> {
          return begun(journal, frame.beginning());
        }
        case "forgetTransfer" -> {
          journal.clear(frame.attempt() == null ? "" : frame.attempt());
          return List.of();
        }
        default -> {
          // The device is waited for outside the lock.
        }
      }
    } finally {
      vm.lock().unlock();
    }
    List<TransferJournal.Note> notes = new ArrayList<>();
    for (String line : frame.notes() == null ? List.<String>of() : frame.notes()) {
      notes.add(NoteLine.read(line));
    }
    journal.tell(frame.attempt() == null ? "" : frame.attempt(), notes);
    return List.of();
  }

  private static List<String> begun(LayerJournal journal, Requests.@Nullable Beginning beginning)
      throws IOException {
    if (beginning == null) {
      return List.of(journal.beginUntold());
    }
    if (beginning.source().lines().count() != 1) {
      throw new LabException(
          LabFault.BAD_REQUEST, "A transfer begins with its source, named in one line.");
    }
    LayerJournal.Attempt attempt =
        journal.begin(
            beginning.source(),
            new TransferJournal.Pass(
                beginning.capacityBytes(), beginning.changes(), TagKey.parse(beginning.key())));
    List<String> answer = new ArrayList<>();
    answer.add(attempt.id());
    answer.add(attempt.begun().key().text());
    attempt.begun().notes().forEach(note -> answer.add(NoteLine.of(note)));
    return answer;
  }

  /**
   * Reads or changes the tags that are stored of what the disk holds, for the attempt that may
   * write it. All under the VM's lock: between an attempt's check and its effect no other begins.
   */
  byte[] ofStoredTags(Requests.Frame frame) throws IOException {
    Requests.Storing storing = frame.storing();
    String attempt = frame.attempt();
    if (storing == null || attempt == null) {
      throw new LabException(LabFault.BAD_REQUEST, "Stored tags are for attempts of a transfer.");
    }
    vm.lock().lock();
    try {
      vm.admit(frame.stamp(), frame.disk());
      LayeredDisk disk = vm.disk(frame.disk());
      disk.journal().require(attempt);
      return TagCalls.answer(disk.tagMap().of(attempt), frame.kind(), storing);
    } catch (IllegalStateException changed) {
      throw new LabException(
          LabFault.DISK_CHANGED,
          "What is stored of disk '%s' of VM '%s' changed since this attempt looked at it. Begin again."
              .formatted(frame.disk(), vm.definition().name()),
          changed);
    } catch (IOException e) {
      // Nothing is answered in its place: the pass is tried again, by the same way.
      throw new LabException(
          LabFault.INTERNAL,
          "The stored digests of disk '%s' of VM '%s' cannot be read or written: %s. Look at the site's storage; if they are lost, remove '%s' beside the disk, and both disks are compared."
              .formatted(frame.disk(), vm.definition().name(), e, TagMapFile.WORTH),
          e);
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
      // A mark of what was not written costs a comparison; bytes without a mark would be lost.
      vm.disk(disk).tracking().force();
      top.force();
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
