package io.switchback.vsphere;

import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.VmRef;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a transfer may still write to the disk that it has attached. Before each batch it looks
 * whether the disk is still there, because whoever fences it off detaches it; and once a second it
 * reads the fence that the replica's VM has seen.
 */
final class FenceWatch implements FenceCheck {
  private static final long EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final VCenter vcenter;
  private final VmRef vm;
  private final Fence mine;
  private final Attached disk;
  private final AtomicLong readNanos = new AtomicLong(System.nanoTime());

  FenceWatch(VCenter vcenter, VmRef vm, Fence mine, Attached disk) {
    this.vcenter = vcenter;
    this.vm = vm;
    this.mine = mine;
    this.disk = disk;
  }

  @Override
  public void check() throws IOException {
    if (!disk.isThere()) {
      read();
      throw new IOException(
          "somebody has detached the disk of %s while it was written".formatted(vm));
    }
    long last = readNanos.get();
    long now = System.nanoTime();
    if (now - last > EVERY_NANOS && readNanos.compareAndSet(last, now)) {
      read();
    }
  }

  /** Looks at both now: the disk is attached, its owner knows it, and nobody newer came. */
  void confirm() throws IOException {
    Machine now = read();
    if (!disk.isThere() || !disk.attachment().isRecorded(now.row())) {
      throw new IOException("the disk of %s was detached meanwhile".formatted(vm));
    }
  }

  private Machine read() throws IOException {
    try {
      Machine now = Machine.read(vcenter, vm, "config.extraConfig");
      Optional<Fence> seen = Fences.seen(now.row());
      if (seen.isPresent() && seen.get().compareTo(mine) > 0) {
        throw new FencedException(
            "%s has seen the fence %s, and this attempt has %s.".formatted(vm, seen.get(), mine));
      }
      return now;
    } catch (FaultException e) {
      throw new IOException(e.sentence(), e);
    }
  }
}
