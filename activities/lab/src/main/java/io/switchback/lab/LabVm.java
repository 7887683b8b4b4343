package io.switchback.lab;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One VM: its power, its shape and what goes with them. As raw as a hypervisor: powering on what
 * runs is an error.
 */
final class LabVm implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabVm.class);

  private final VmStore store;
  private final VmSnapshots snapshots;
  private final VmTransfers transfers;
  private final VmDisks disks;
  private final VmGuest guest;
  private final SiteRoom room;
  private final PowerHook hook;

  /** What a VM needs of its site. */
  record Surroundings(
      TransferLog transfers,
      GuestLauncher launcher,
      PowerHook hook,
      SiteRoom room,
      ToLongFunction<String> flushedByVm) {}

  LabVm(VmStore store, Surroundings site) {
    this.store = store;
    this.snapshots = new VmSnapshots(store);
    this.transfers = new VmTransfers(store, snapshots, site.transfers());
    this.disks = new VmDisks(store, snapshots);
    this.guest = new VmGuest(store, site.launcher(), site.flushedByVm());
    this.room = site.room();
    this.hook = site.hook();
  }

  VmStore store() {
    return store;
  }

  VmTransfers transfers() {
    return transfers;
  }

  VmDisks disks() {
    return disks;
  }

  VmGuest guest() {
    return guest;
  }

  VmView look() {
    store.lock().lock();
    try {
      VmState state = store.state();
      VmDefinition definition = state.definition();
      Instant bootedAt = guest.bootedAt();
      String host = room.hostOf(store.id());
      return new VmView(
          store.id(),
          definition.name(),
          state.power(),
          bootedAt != null && definition.guest().tools(),
          state.boot(),
          bootedAt,
          guest.service(),
          guest.halted(),
          definition.networks(),
          definition.disks(),
          SnapshotView.all(state),
          state.standsOn(),
          store.disks().values().stream().mapToLong(LayeredDisk::unsavedBytes).sum(),
          definition.autostart(),
          store.highestFence(),
          definition.folder(),
          definition.tags(),
          definition.cpus(),
          definition.memoryBytes(),
          definition.firmware(),
          host.isEmpty() ? definition.host() : host,
          store.datastore(),
          store.takenBytes(),
          definition.managedBy(),
          Instant.now());
    } finally {
      store.lock().unlock();
    }
  }

  /**
   * @param anyway also when somebody looks after the VM and no operation asks
   */
  void powerOn(boolean anyway, @Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
      requireOff("is already powered on.");
      if (stamp == null && !anyway && !store.definition().managedBy().isEmpty()) {
        throw new LabException(
            LabFault.MANAGED,
            "VM '%s' is not to be started by hand: %s looks after it, and what it writes would be lost or would make a twin of production. Let an operation start it, or force it."
                .formatted(store.definition().name(), store.definition().managedBy()));
      }
      UUID boot = UUID.randomUUID();
      room.seat(store.definition());
      boolean isStarted = false;
      try {
        store.commit(
            Effect.of("powerOn", store.definition(), stamp).withBoot(boot.toString()),
            store.state().powered(PowerState.ON, boot.toString()));
        hook.tell(PowerState.ON, store.definition().name());
        isStarted = true;
      } finally {
        if (!isStarted) {
          takeBack(stamp);
        }
      }
      guest.start(boot);
    } finally {
      store.lock().unlock();
    }
  }

  /** Nothing runs of a VM whose power-on has failed, so that it can be tried again. */
  private void takeBack(@Nullable Stamp stamp) throws IOException {
    if (store.state().power() == PowerState.ON) {
      hook.tellAnyway(PowerState.OFF, store.definition().name());
      commitOff("powerOff", stamp);
    }
    room.leave(store.id());
  }

  private void commitOff(String kind, @Nullable Stamp stamp) throws IOException {
    store.commit(
        Effect.of(kind, store.definition(), stamp).withBoot(store.state().boot()),
        store.state().powered(PowerState.OFF, null));
  }

  private void requireOff(String otherwise) {
    if (store.state().power() == PowerState.ON) {
      throw new LabException(
          LabFault.ALREADY_POWERED_ON,
          "VM '%s' %s".formatted(store.definition().name(), otherwise));
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
    // First: the VM stays on until everybody has heard, so that whoever is refused asks again.
    hook.tell(PowerState.OFF, store.definition().name());
    commitOff(kind, stamp);
    stopGuest();
    for (LayeredDisk disk : store.disks().values()) {
      disk.flush();
    }
  }

  private void stopGuest() {
    guest.kill();
    room.leave(store.id());
  }

  /** Asks the guest to end in an orderly way and powers the VM off when it has. */
  void shutDown(@Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
      requireOn();
    } finally {
      store.lock().unlock();
    }
    String ended = guest.shutDown();
    if (ended == null) {
      throw new LabException(
          LabFault.TOOLS_NOT_RUNNING,
          "The guest of VM '%s' cannot be asked to shut down: its tools do not run."
              .formatted(store.definition().name()));
    }
    store.lock().lock();
    try {
      if (guest.isBoot(ended)) {
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
    try (GuestPause pause = pause(quiesce)) {
      store.lock().lock();
      try {
        return snapshotNow(name, Instant.now(), pause, stamp);
      } finally {
        store.lock().unlock();
      }
    }
  }

  /** Lets the guest hold still if so wished. The caller does not hold the VM's lock. */
  GuestPause pause(boolean isWished) {
    return isWished ? guest.pause() : GuestPause.NONE;
  }

  /** The caller holds the VM's lock. */
  SnapshotView snapshotNow(String name, Instant takenAt, GuestPause pause, @Nullable Stamp stamp)
      throws IOException {
    return snapshots.create(name, takenAt, pause.isHeld(), stamp);
  }

  void revert(String snapshot, @Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      boolean ran = store.state().power() == PowerState.ON;
      snapshots.revert(snapshot, stamp);
      stopGuest();
      if (ran) {
        hook.tell(PowerState.OFF, store.definition().name());
      }
    } finally {
      store.lock().unlock();
    }
    snapshots.collapse();
  }

  /** Opens what the disks held at a snapshot. */
  FrozenDisks frozen(String snapshot) throws IOException {
    return FrozenDisks.open(store, snapshots, snapshot);
  }

  void removeSnapshot(String snapshot, @Nullable Stamp stamp) throws IOException {
    snapshots.remove(snapshot, stamp);
  }

  /** Gives the VM, which is off, another guest. */
  void replaceGuest(GuestDefinition other, @Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
      requireOff("runs. Power it off before changing its guest.");
      store.commit(
          Effect.of("replaceGuest", store.definition(), stamp),
          store.state().with(store.definition().with(other)));
    } finally {
      store.lock().unlock();
    }
  }

  /** Changes the VM's shape; the site has made sure that a new name is free. */
  void reconfigure(VmChange change, @Nullable Stamp stamp) throws IOException {
    store.lock().lock();
    try {
      store.admit(stamp);
      if (change.needsPowerOff()) {
        requireOff("runs. Power it off before changing its CPUs, memory or firmware.");
      }
      VmDefinition changed = store.definition().with(change);
      // Under its new name, by which readers of the journal look for it from now on.
      store.commit(
          Effect.of("reconfigureVm", changed, stamp).with(change.details()),
          store.state().with(changed));
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
    // Also of those that are off: nobody may have heard before the host went down.
    hook.tellAnyway(PowerState.OFF, store.definition().name());
    if (store.state().power() == PowerState.ON) {
      store.commit(
          Effect.of("hostCrash", store.definition(), null)
              .withBoot(store.state().boot())
              .with(Map.of("autostart", store.definition().autostart())),
          store.state().powered(PowerState.OFF, null));
      if (store.definition().autostart()) {
        startByItself();
      }
    }
  }

  private void startByItself() throws IOException {
    try {
      powerOn(true, null);
    } catch (LabException refused) {
      LOG.warn(
          "vm not started again vm={} reason={}", store.definition().name(), refused.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    store.lock().lock();
    try {
      if (store.state().power() == PowerState.ON) {
        hook.tellAnyway(PowerState.OFF, store.definition().name());
      }
      stopGuest();
      for (LayeredDisk disk : store.disks().values()) {
        disk.flush();
      }
      store.close();
    } finally {
      store.lock().unlock();
    }
  }
}
