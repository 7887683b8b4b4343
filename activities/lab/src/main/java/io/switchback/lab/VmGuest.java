package io.switchback.lab;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The guest of one VM, and the hypervisor as that guest sees it. */
final class VmGuest {
  private final VmStore store;
  private final GuestLauncher launcher;
  private final ToLongFunction<String> flushedByVm;
  private volatile @Nullable Running running;
  private volatile long flushedThrough;

  /** A booting or booted guest. */
  private static final class Running {
    final String boot;
    final Guest guest;
    volatile @Nullable Instant bootedAt;
    volatile @Nullable URI service;
    volatile @Nullable String halted;

    Running(String boot, Guest guest) {
      this.boot = boot;
      this.guest = guest;
    }
  }

  /**
   * @param flushedByVm the last record that another VM of the site, given by name, has flushed
   */
  VmGuest(VmStore store, GuestLauncher launcher, ToLongFunction<String> flushedByVm) {
    this.store = store;
    this.launcher = launcher;
    this.flushedByVm = flushedByVm;
  }

  /** Starts the guest that the definition asks for. The caller holds the VM's lock. */
  void start(UUID boot) {
    flushedThrough = 0;
    Guest guest = launcher.launch(store.definition(), boot, new BootHost(boot.toString()));
    running = new Running(boot.toString(), guest);
    guest.start();
  }

  /** Ends the guest as a loss of power does. The caller holds the VM's lock. */
  void kill() {
    Running now = running;
    running = null;
    flushedThrough = 0;
    if (now != null) {
      now.guest.kill();
    }
  }

  /**
   * Asks the guest to end in an orderly way. The caller does not hold the VM's lock: the guest
   * needs it to flush.
   *
   * @return the boot that has ended, or null when the guest cannot be asked
   */
  @Nullable String shutDown() {
    Running asked = running;
    return asked != null && asked.guest.shutDown() ? asked.boot : null;
  }

  /**
   * Writes and flushes as a program inside the guest does.
   *
   * @throws LabException TOOLS_NOT_RUNNING while the guest has not booted
   */
  void write(long offsetBytes, Map<String, byte[]> bytes) throws IOException {
    Running now = running;
    if (now == null || now.bootedAt == null) {
      throw new LabException(
          LabFault.TOOLS_NOT_RUNNING,
          "The guest of VM '%s' has not booted. Power it on, and wait for its tools."
              .formatted(store.definition().name()));
    }
    GuestHost host = hostOf(now.boot);
    for (Map.Entry<String, byte[]> one : bytes.entrySet()) {
      host.write(one.getKey(), offsetBytes, one.getValue());
    }
    host.flush(flushedThrough);
  }

  boolean isBoot(String boot) {
    Running now = running;
    return now != null && now.boot.equals(boot);
  }

  /** Lets the guest hold still, if it can be asked. The caller does not hold the VM's lock. */
  GuestPause pause() {
    Running asked = running;
    if (asked == null || !asked.guest.quiesce()) {
      return GuestPause.NONE;
    }
    return new GuestPause() {
      @Override
      public boolean isHeld() {
        return running == asked;
      }

      @Override
      public void close() {
        asked.guest.thaw();
      }
    };
  }

  @Nullable Instant bootedAt() {
    Running now = running;
    return now == null ? null : now.bootedAt;
  }

  @Nullable URI service() {
    Running now = running;
    return now == null ? null : now.service;
  }

  @Nullable String halted() {
    Running now = running;
    return now == null ? null : now.halted;
  }

  /** The last record known to be durable; 0 while the guest has not booted. */
  long flushedThrough() {
    return flushedThrough;
  }

  GuestHost hostOf(String boot) {
    return new BootHost(boot);
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
    public long flushedBy(String vm) throws GuestGoneException {
      requireMine();
      return flushedByVm.applyAsLong(vm);
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
        put(offsetBytes, Map.of(disk, bytes));
      } finally {
        store.lock().unlock();
      }
    }

    private void put(long offsetBytes, Map<String, byte[]> byDisk) throws IOException {
      // Room on every disk first: a record is everywhere or nowhere.
      for (Map.Entry<String, byte[]> entry : byDisk.entrySet()) {
        ByteRange range = new ByteRange(offsetBytes, entry.getValue().length);
        LayeredDisk target = store.disk(entry.getKey());
        target.check(range);
        target.reserve(List.of(range), List.of());
      }
      for (Map.Entry<String, byte[]> entry : byDisk.entrySet()) {
        store.disk(entry.getKey()).write(offsetBytes, ByteBuffer.wrap(entry.getValue()));
      }
    }

    @Override
    public void writeRecord(long number, long offsetBytes, Map<String, byte[]> byDisk)
        throws IOException {
      store.lock().lock();
      try {
        requireMine();
        put(offsetBytes, byDisk);
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
        flushedThrough = through;
      } finally {
        store.lock().unlock();
      }
    }

    @Override
    public void booted(long lastRecord, URI service, List<String> disks) throws IOException {
      store.lock().lock();
      try {
        Running now = requireMine();
        store
            .journal()
            .append(
                Effect.byGuest("booted", store.definition(), boot, lastRecord)
                    .with(Map.of("service", service.toString(), "disks", disks)));
        now.bootedAt = Instant.now();
        now.service = service;
        now.guest.serves(service);
        flushedThrough = lastRecord;
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
