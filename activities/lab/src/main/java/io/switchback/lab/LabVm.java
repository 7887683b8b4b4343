package io.switchback.lab;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One VM: its power, its guest and what goes with them. As raw as a hypervisor: powering on what
 * runs is an error.
 */
final class LabVm implements AutoCloseable {
  private final VmStore store;
  private final VmSnapshots snapshots;
  private final VmTransfers transfers;
  private final GuestLauncher launcher;
  private @Nullable Running running;

  /** A booting or booted guest. */
  private static final class Running {
    final String boot;
    final Guest guest;
    @Nullable Instant bootedAt;
    @Nullable URI service;
    @Nullable String halted;

    Running(String boot, Guest guest) {
      this.boot = boot;
      this.guest = guest;
    }
  }

  LabVm(VmStore store, TransferLog log, GuestLauncher launcher) {
    this.store = store;
    this.snapshots = new VmSnapshots(store);
    this.transfers = new VmTransfers(store, snapshots, log);
    this.launcher = launcher;
  }

  VmStore store() {
    return store;
  }

  VmTransfers transfers() {
    return transfers;
  }

  VmView look() {
    store.lock().lock();
    try {
      VmState state = store.state();
      VmDefinition definition = state.definition();
      Running now = running;
      boolean isBooted = now != null && now.bootedAt != null;
      return new VmView(
          store.id(),
          definition.name(),
          state.power(),
          isBooted && definition.guest().tools(),
          state.boot(),
          now == null ? null : now.bootedAt,
          now == null ? null : now.service,
          now == null ? null : now.halted,
          definition.networks(),
          definition.disks(),
          SnapshotView.all(state),
          state.standsOn(),
          store.disks().values().stream().mapToLong(LayeredDisk::unsavedBytes).sum(),
          definition.autostart(),
          store.highestFence(),
          Instant.now());
    } finally {
      store.lock().unlock();
    }
  }

  void powerOn(@Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
      if (store.state().power() == PowerState.ON) {
        throw new LabException(
            LabFault.ALREADY_POWERED_ON,
            "VM '%s' is already powered on.".formatted(store.definition().name()));
      }
      UUID boot = UUID.randomUUID();
      store.commit(
          Effect.of("powerOn", store.definition(), stamp).withBoot(boot.toString()),
          store.state().powered(PowerState.ON, boot.toString()));
      Guest guest = launcher.launch(store.definition(), boot, new BootHost(boot.toString()));
      running = new Running(boot.toString(), guest);
      guest.start();
    } finally {
      store.lock().unlock();
    }
  }

  void powerOff(@Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
      requireOn();
      switchOff("powerOff", stamp);
    } finally {
      store.lock().unlock();
    }
  }

  private void requireOn() {
    if (store.state().power() == PowerState.OFF) {
      throw new LabException(
          LabFault.ALREADY_POWERED_OFF,
          "VM '%s' is already powered off.".formatted(store.definition().name()));
    }
  }

  private void switchOff(String kind, @Nullable Stamp stamp) throws IOException {
    String boot = store.state().boot();
    store.commit(
        Effect.of(kind, store.definition(), stamp).withBoot(boot),
        store.state().powered(PowerState.OFF, null));
    stopGuest();
    for (LayeredDisk disk : store.disks().values()) {
      disk.flush();
    }
  }

  private void stopGuest() {
    if (running != null) {
      running.guest.kill();
      running = null;
    }
  }

  /** Asks the guest to end in an orderly way and powers the VM off when it has. */
  void shutDown(@Nullable Stamp stamp) throws IOException {
    Running asked;
    store.lock().lock();
    try {
      store.admit(stamp);
      requireOn();
      asked = running;
    } finally {
      store.lock().unlock();
    }
    if (asked == null || !asked.guest.shutDown()) {
      throw new LabException(
          LabFault.TOOLS_NOT_RUNNING,
          "The guest of VM '%s' cannot be asked to shut down: its tools do not run."
              .formatted(store.definition().name()));
    }
    store.lock().lock();
    try {
      if (running == asked) {
        switchOff("shutDown", stamp);
      }
    } finally {
      store.lock().unlock();
    }
  }

  /**
   * Snapshots all disks at one moment; with a guest that can be asked, and if so wished, between
   * two of its records.
   */
  SnapshotView createSnapshot(String name, boolean quiesce, @Nullable Stamp stamp)
      throws IOException {
    Running asked;
    store.lock().lock();
    try {
      asked = quiesce ? running : null;
    } finally {
      store.lock().unlock();
    }
    boolean isQuiet = asked != null && asked.guest.quiesce();
    try {
      store.lock().lock();
      try {
        return snapshots.create(name, isQuiet && running == asked, stamp);
      } finally {
        store.lock().unlock();
      }
    } finally {
      if (isQuiet && asked != null) {
        asked.guest.thaw();
      }
    }
  }

  void revert(String snapshot, @Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      snapshots.revert(snapshot, stamp);
      stopGuest();
    } finally {
      store.lock().unlock();
    }
    snapshots.collapse();
  }

  void removeSnapshot(String snapshot, @Nullable Stamp stamp) throws IOException {
    snapshots.remove(snapshot, stamp);
  }

  /** Gives the VM, which is off, another guest. */
  void replaceGuest(GuestDefinition guest, @Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
      if (store.state().power() == PowerState.ON) {
        throw new LabException(
            LabFault.ALREADY_POWERED_ON,
            "VM '%s' runs. Power it off before changing its guest."
                .formatted(store.definition().name()));
      }
      store.commit(
          Effect.of("replaceGuest", store.definition(), stamp),
          store.state().with(store.definition().with(guest)));
    } finally {
      store.lock().unlock();
    }
  }

  /** Raises the fence without any other effect: from here every older write is refused. */
  void fence(Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
    } finally {
      store.lock().unlock();
    }
  }

  /** Refuses unless the VM may be deleted now. The caller holds the VM's lock. */
  void requireDeletable(@Nullable Stamp stamp) throws IOException {
    store.admit(stamp);
    if (store.state().power() == PowerState.ON) {
      throw new LabException(
          LabFault.DISK_IN_USE,
          "VM '%s' runs. Power it off before deleting it.".formatted(store.definition().name()));
    }
  }

  /**
   * Brings the VM up after the host went down under it: finishes merges, powers off what had run.
   */
  void recover() throws IOException {
    snapshots.collapse();
    if (store.state().power() == PowerState.ON) {
      store.commit(
          Effect.of("hostCrash", store.definition(), null)
              .withBoot(store.state().boot())
              .with(Map.of("autostart", store.definition().autostart())),
          store.state().powered(PowerState.OFF, null));
      if (store.definition().autostart()) {
        powerOn(null);
      }
    }
  }

  GuestHost hostOf(String boot) {
    return new BootHost(boot);
  }

  @Override
  public void close() throws IOException {
    store.lock().lock();
    try {
      stopGuest();
      for (LayeredDisk disk : store.disks().values()) {
        disk.flush();
      }
      store.close();
    } finally {
      store.lock().unlock();
    }
  }

  /** The hypervisor as one boot of the guest sees it. */
  private final class BootHost implements GuestHost {
    private final String boot;

    BootHost(String boot) {
      this.boot = boot;
    }

    private Running requireMine() throws GuestGoneException {
      Running now = running;
      if (now == null || !now.boot.equals(boot)) {
        throw new GuestGoneException(boot);
      }
      return now;
    }

    @Override
    public List<DiskDefinition> disks() {
      return store.definition().disks();
    }

    @Override
    public void read(String disk, long offsetBytes, ByteBuffer target) throws IOException {
      store.lock().lock();
      try {
        requireMine();
        store.disk(disk).read(null, offsetBytes, target);
      } finally {
        store.lock().unlock();
      }
    }

    @Override
    public void write(String disk, long offsetBytes, byte[] bytes) throws IOException {
      store.lock().lock();
      try {
        requireMine();
        put(disk, offsetBytes, bytes);
      } finally {
        store.lock().unlock();
      }
    }

    private void put(String disk, long offsetBytes, byte[] bytes) throws IOException {
      LayeredDisk target = store.disk(disk);
      target.check(new ByteRange(offsetBytes, bytes.length));
      target.write(offsetBytes, ByteBuffer.wrap(bytes));
    }

    @Override
    public void writeRecord(long number, long offsetBytes, Map<String, byte[]> byDisk)
        throws IOException {
      store.lock().lock();
      try {
        requireMine();
        for (Map.Entry<String, byte[]> entry : byDisk.entrySet()) {
          put(entry.getKey(), offsetBytes, entry.getValue());
        }
        store.journal().append(Effect.byGuest("written", store.definition(), boot, number));
      } finally {
        store.lock().unlock();
      }
    }

    @Override
    public void flush(long through) throws IOException {
      store.lock().lock();
      try {
        requireMine();
        for (LayeredDisk disk : store.disks().values()) {
          disk.flush();
        }
        store.journal().append(Effect.byGuest("flushed", store.definition(), boot, through));
      } finally {
        store.lock().unlock();
      }
    }

    @Override
    public void booted(long lastRecord, URI service) throws IOException {
      store.lock().lock();
      try {
        Running now = requireMine();
        store
            .journal()
            .append(
                Effect.byGuest("booted", store.definition(), boot, lastRecord)
                    .with(Map.of("service", service.toString())));
        now.bootedAt = Instant.now();
        now.service = service;
        now.guest.serves(service);
      } finally {
        store.lock().unlock();
      }
    }

    @Override
    public void halted(String word) throws IOException {
      store.lock().lock();
      try {
        requireMine().halted = word;
      } finally {
        store.lock().unlock();
      }
    }
  }
}
