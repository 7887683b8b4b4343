package io.switchback.lab;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The disks of a VM as one of its snapshots holds them. While it is open no layer of the VM is
 * merged or dropped, so that the snapshot may be removed, and the VM as well, and the bytes stay
 * what they were. The VM's lock is not held meanwhile. For use by one thread at a time.
 */
final class FrozenDisks implements AutoCloseable {
  private static final int SLICE_BYTES = 64 * Layer.GRAIN;

  /** Comes before each slice; throws when there is to be no other one. */
  interface Pace {
    void next() throws IOException;
  }

  private final VmSnapshots snapshots;
  private final String snapshot;
  private final Map<String, SnapshotReader> readers;
  private final List<DiskDefinition> definitions;

  private FrozenDisks(
      VmSnapshots snapshots,
      String snapshot,
      Map<String, SnapshotReader> readers,
      List<DiskDefinition> definitions) {
    this.snapshots = snapshots;
    this.snapshot = snapshot;
    this.readers = readers;
    this.definitions = definitions;
  }

  /**
   * @throws LabException NO_SUCH_SNAPSHOT
   */
  static FrozenDisks open(VmStore vm, VmSnapshots snapshots, String snapshot) throws IOException {
    snapshots.holdLayers();
    Map<String, SnapshotReader> readers = new LinkedHashMap<>();
    boolean isOpen = false;
    try {
      vm.lock().lock();
      try {
        SnapshotState found = snapshots.find(snapshot);
        for (String disk : found.disks().keySet()) {
          readers.put(disk, vm.frozen(disk, found.id()));
        }
        isOpen = true;
        return new FrozenDisks(
            snapshots,
            found.id(),
            readers,
            found.disks().entrySet().stream()
                .map(disk -> disk.getValue().definition(disk.getKey()))
                .toList());
      } finally {
        vm.lock().unlock();
      }
    } finally {
      if (!isOpen) {
        closeAll(readers);
        snapshots.letLayersGo();
      }
    }
  }

  /** Id of the snapshot. */
  String snapshot() {
    return snapshot;
  }

  /** The disks with the capacity that they had then. */
  List<DiskDefinition> definitions() {
    return definitions;
  }

  /** Writes what the disks hold, without their holes, to the empty disks of a new VM, durably. */
  void copyTo(VmStore target, Pace pace) throws IOException {
    for (Map.Entry<String, SnapshotReader> disk : readers.entrySet()) {
      LayeredDisk copy = target.disk(disk.getKey());
      for (ByteRange held : disk.getValue().allocated()) {
        copy(disk.getValue(), held, copy, pace);
      }
      copy.flush();
    }
  }

  private static void copy(SnapshotReader from, ByteRange held, LayeredDisk to, Pace pace)
      throws IOException {
    // A layer may hold more than the snapshot's disk had: it has grown since.
    long end = Math.min(held.endBytes(), from.capacityBytes());
    for (long at = held.offsetBytes(); at < end; at += SLICE_BYTES) {
      pace.next();
      ByteBuffer slice = ByteBuffer.allocate((int) Math.min(SLICE_BYTES, end - at));
      from.read(at, slice);
      to.write(at, slice.flip());
    }
  }

  private static void closeAll(Map<String, SnapshotReader> readers) throws IOException {
    for (SnapshotReader reader : readers.values()) {
      reader.close();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeAll(readers);
    } finally {
      snapshots.letLayersGo();
    }
  }
}
