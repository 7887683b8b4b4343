package io.switchback.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guest itself: finds its last whole record, goes on numbering and serves how far it is over
 * HTTP. Its records go to every disk of the VM.
 */
final class GuestProgram implements Guest {
  private static final Logger LOG = LoggerFactory.getLogger(GuestProgram.class);
  private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long FOLLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final String DISK_FULL = "disk full";

  private final String vmName;
  private final UUID boot;
  private final GuestDefinition definition;
  private final GuestHost host;
  // Held while a record is being written and while the guest is quiesced.
  private final ReentrantLock pen = new ReentrantLock();
  private final Condition stop = pen.newCondition();
  private final Map<String, GuestArea> areas = new LinkedHashMap<>();
  private volatile boolean stopped;
  private volatile long lastWritten;
  private volatile long lastFlushed;
  private @Nullable GuestService service;
  private boolean booted;
  private boolean frozen;

  GuestProgram(String vmName, UUID boot, GuestDefinition definition, GuestHost host) {
    this.vmName = vmName;
    this.boot = boot;
    this.definition = definition;
    this.host = host;
  }

  @Override
  public void start() {
    Thread.ofVirtual().name("guest-" + vmName).start(this::run);
  }

  void run() {
    try {
      if (!waitFor(definition.bootDelay().toNanos())) {
        boot();
        write();
      }
    } catch (GuestGoneException gone) {
      LOG.debug("guest gone vm={} boot={}", vmName, boot);
    } catch (IOException | RuntimeException e) {
      if (e instanceof LabException refused && refused.is(LabFault.DATASTORE_FULL)) {
        LOG.info("guest halted vm={} reason={}", vmName, refused.getMessage());
        halt(DISK_FULL);
      } else {
        LOG.error("guest halted vm={} boot={}", vmName, boot, e);
        halt("failed: " + e.getMessage());
      }
    }
  }

  private void boot() throws IOException {
    long last = Long.MAX_VALUE;
    List<DiskDefinition> disks = host.disks();
    for (DiskDefinition disk : disks) {
      ByteBuffer header = ByteBuffer.allocate(GuestArea.HEADER_BYTES);
      host.read(disk.id(), 0, header);
      GuestArea.parse(header).ifPresent(area -> areas.put(disk.id(), area));
    }
    // A disk that came later than the first boot is none of this program's.
    if (areas.isEmpty()) {
      for (DiskDefinition disk : disks) {
        GuestArea area = GuestArea.of(disk);
        host.write(disk.id(), 0, area.toBytes());
        areas.put(disk.id(), area);
      }
    }
    for (Map.Entry<String, GuestArea> entry : areas.entrySet()) {
      last = Math.min(last, entry.getValue().lastWhole(host, entry.getKey()));
    }
    lastWritten = last;
    lastFlushed = last;
    URI address = null;
    pen.lock();
    try {
      if (stopped) {
        return;
      }
      service = GuestService.start(this::status, this::control);
      address = service.address();
      // Reported under the pen, so that nobody quiesces a guest whose numbers the journal does not
      // know yet.
      host.booted(last, address, List.copyOf(areas.keySet()));
      booted = true;
    } finally {
      pen.unlock();
    }
  }

  private void write() throws IOException {
    if (definition.writesPerSecond() == 0) {
      return;
    }
    long period = (long) (TimeUnit.SECONDS.toNanos(1) / definition.writesPerSecond());
    long room = areas.values().stream().mapToLong(GuestArea::capacity).min().orElse(0);
    long due = System.nanoTime();
    while (awaitLeader(lastWritten + 1)) {
      pen.lock();
      try {
        awaitThaw();
        if (stopped) {
          return;
        }
        if (lastWritten >= room) {
          host.flush(lastWritten);
          lastFlushed = lastWritten;
          host.halted(DISK_FULL);
          return;
        }
        writeOnDisksLeft(lastWritten + 1);
      } finally {
        pen.unlock();
      }
      due = Math.max(due + period, System.nanoTime() - CATCH_UP_NANOS);
      if (waitFor(due - System.nanoTime())) {
        return;
      }
    }
  }

  /** Waits without the pen until the VM that this one follows has flushed so far. */
  private boolean awaitLeader(long record) throws IOException {
    if (!definition.follows().isEmpty()) {
      while (host.flushedBy(definition.follows()) < record) {
        if (waitFor(FOLLOW_NANOS)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Writes to those of its disks that nobody has taken away. */
  private void writeOnDisksLeft(long number) throws IOException {
    try {
      writeRecord(number);
    } catch (LabException e) {
      List<String> left = host.disks().stream().map(DiskDefinition::id).toList();
      boolean isFewer = areas.keySet().retainAll(left);
      if (!e.is(LabFault.NO_SUCH_DISK) || !isFewer || areas.isEmpty()) {
        throw e;
      }
      writeRecord(number);
    }
  }

  private void writeRecord(long number) throws IOException {
    byte[] bytes = new GuestRecord(boot, number, System.currentTimeMillis()).toBytes();
    Map<String, byte[]> byDisk = new LinkedHashMap<>();
    areas.keySet().forEach(disk -> byDisk.put(disk, bytes));
    host.writeRecord(number, areas.values().iterator().next().offsetOf(number), byDisk);
    lastWritten = number;
    if (number % definition.flushEvery() == 0) {
      flush();
    }
  }

  private void flush() throws IOException {
    host.flush(lastWritten);
    lastFlushed = lastWritten;
  }

  /** Waits without the pen; true when the guest is to stop. */
  private boolean waitFor(long nanos) {
    pen.lock();
    try {
      long left = nanos;
      while (left > 0 && !stopped) {
        left = stop.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    } finally {
      pen.unlock();
    }
    return stopped;
  }

  private void awaitThaw() {
    while (frozen && !stopped) {
      stop.awaitUninterruptibly();
    }
  }

  @Override
  public boolean quiesce() {
    pen.lock();
    try {
      awaitThaw();
      if (stopped || !booted || !definition.tools()) {
        return false;
      }
      flush();
      frozen = true;
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      pen.unlock();
    }
  }

  @Override
  public void thaw() {
    pen.lock();
    try {
      frozen = false;
      stop.signalAll();
    } finally {
      pen.unlock();
    }
  }

  @Override
  public boolean shutDown() {
    pen.lock();
    try {
      awaitThaw();
      if (stopped || !booted || !definition.tools()) {
        return false;
      }
      flush();
      end();
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      pen.unlock();
    }
  }

  @Override
  public void kill() {
    // Without the pen: its holder may be waiting for the caller's lock.
    stopped = true;
    Thread.ofVirtual()
        .start(
            () -> {
              pen.lock();
              try {
                end();
              } finally {
                pen.unlock();
              }
            });
  }

  private void end() {
    stopped = true;
    stop.signalAll();
    if (service != null) {
      service.close();
      service = null;
    }
  }

  private void halt(String word) {
    try {
      host.halted(word);
    } catch (IOException e) {
      LOG.debug("halt not reported vm={}", vmName, e);
    }
  }

  GuestStatus status() {
    return new GuestStatus(vmName, boot.toString(), lastWritten, lastFlushed);
  }

  /** Commands that the host of a guest in its own process sends over the guest's HTTP service. */
  private boolean control(String command) {
    return switch (command) {
      case "quiesce" -> quiesce();
      case "thaw" -> {
        thaw();
        yield true;
      }
      case "shutDown" -> shutDown();
      default -> false;
    };
  }
}
