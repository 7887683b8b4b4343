package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Adds, grows and removes a VM's disks, whether it runs or not. */
final class VmDisks {
  private static final int IMAGE_CHUNK = 4 << 20;

  private final VmStore vm;
  private final VmSnapshots snapshots;

  VmDisks(VmStore vm, VmSnapshots snapshots) {
    this.vm = vm;
    this.snapshots = snapshots;
  }

  /**
   * Adds a disk that no earlier snapshot holds.
   *
   * @throws LabException ALREADY_EXISTS also when only a snapshot still has a disk of that id;
   *     DATASTORE_FULL
   */
  void add(DiskDefinition disk, @Nullable Stamp stamp) throws IOException {
    vm.lock().lock();
    try {
      vm.admit(stamp);
      if (vm.allDisks().containsKey(disk.id())) {
        throw new LabException(
            LabFault.ALREADY_EXISTS,
            "VM '%s' or one of its snapshots has a disk '%s' already. Choose another id."
                .formatted(vm.definition().name(), disk.id()));
      }
      DiskState blank = DiskState.blank(disk.capacityBytes());
      LayeredDisk made = vm.makeDisk(disk.id(), blank);
      boolean isCommitted = false;
      try {
        if (disk.thick()) {
          writeZeros(disk, made);
        }
        writeImage(disk, made);
        made.flush();
        VmState now = vm.state();
        vm.commit(
            Effect.of("addDisk", vm.definition(), stamp)
                .on(disk.id())
                .with(Map.of("capacityBytes", disk.capacityBytes())),
            now.with(now.definition().withDisk(disk)).with(disk.id(), blank));
        isCommitted = true;
      } finally {
        if (!isCommitted) {
          vm.forgetDisk(disk.id());
        }
      }
    } finally {
      vm.lock().unlock();
    }
  }

  /** Takes all of the disk from its datastore. */
  static void writeZeros(DiskDefinition definition, LayeredDisk disk) throws IOException {
    for (long at = 0; at < definition.capacityBytes(); at += IMAGE_CHUNK) {
      int length = (int) Math.min(IMAGE_CHUNK, definition.capacityBytes() - at);
      disk.write(at, ByteBuffer.allocate(length));
    }
  }

  /** Fills the end of a new disk with bytes that no compression makes smaller. */
  static void writeImage(DiskDefinition definition, LayeredDisk disk) throws IOException {
    SplittableRandom random = new SplittableRandom();
    long end = definition.capacityBytes();
    for (long at = GuestArea.of(definition).endBytes(); at < end; at += IMAGE_CHUNK) {
      byte[] chunk = new byte[(int) Math.min(IMAGE_CHUNK, end - at)];
      random.nextBytes(chunk);
      disk.write(at, ByteBuffer.wrap(chunk));
    }
  }

  /**
   * Takes a disk away, with its present bytes. Snapshots keep what they hold of it, and a revert to
   * one of them brings it back; with the last of them it is gone.
   *
   * @throws LabException BAD_REQUEST when it is the VM's only disk
   */
  void remove(String disk, @Nullable Stamp stamp) throws IOException {
    vm.lock().lock();
    try {
      vm.admit(stamp);
      LayeredDisk layered = vm.disk(disk);
      if (vm.disks().size() == 1) {
        throw new LabException(
            LabFault.BAD_REQUEST,
            "Disk '%s' is the only one of VM '%s'. Add another one first, or delete the VM."
                .formatted(disk, vm.definition().name()));
      }
      VmState now = vm.state();
      Layer empty = snapshots.prepareRemoval(disk);
      vm.commit(
          Effect.of("removeDisk", vm.definition(), stamp)
              .on(disk)
              .with(Map.of("keptBySnapshots", now.isHeld(disk))),
          now.with(now.definition().withoutDisk(disk))
              .with(disk, now.disk(disk).emptied(empty.id())));
      layered.replaceTop(empty, vm.state().disk(disk));
    } finally {
      vm.lock().unlock();
    }
    snapshots.collapse();
  }

  /**
   * Makes a disk larger, which resets its change tracking. Snapshots keep the capacity they were
   * made with; a revert to one brings it back.
   */
  void grow(String disk, long capacityBytes, @Nullable Stamp stamp) throws IOException {
    vm.lock().lock();
    try {
      vm.admit(stamp);
      LayeredDisk target = vm.disk(disk);
      if (capacityBytes < target.capacityBytes()) {
        throw new LabException(
            LabFault.BAD_REQUEST,
            "Disk '%s' of VM '%s' has %d bytes and can only grow, not shrink to %d."
                .formatted(disk, vm.definition().name(), target.capacityBytes(), capacityBytes));
      }
      VmState now = vm.state();
      vm.commit(
          Effect.of("growDisk", vm.definition(), stamp)
              .on(disk)
              .with(Map.of("capacityBytes", capacityBytes)),
          now.with(now.definition().withCapacity(disk, capacityBytes))
              .with(disk, now.disk(disk).resized(capacityBytes)));
      target.resize(vm.state().disk(disk));
    } finally {
      vm.lock().unlock();
    }
  }
}
