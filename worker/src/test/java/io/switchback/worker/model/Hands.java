package io.switchback.worker.model;

import io.switchback.lab.LabClient;
import io.switchback.model.Replica;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What people and guests do at the sites without Switchback. */
final class Hands {
  private static final int WRITTEN_BYTES = 700;
  private static final long BOOT_LIMIT_NANOS = 10_000_000_000L;

  private final World world;

  Hands(World world) {
    this.world = world;
  }

  /** The program in the guest of a VM at production's site, which runs, writes. */
  Model.Side write(Model.Side side, int disk, int at, long seed) {
    LabClient site = world.production();
    return write(site, side, Invariants.disksOf(site.look(side.vm())), disk, at, seed);
  }

  /** The same in the guest of the replica. */
  Model.Side write(Model.Side side, Replica replica, int disk, int at, long seed) {
    return write(world.recovery(), side, Invariants.recoveryDisks(replica), disk, at, seed);
  }

  private static Model.Side write(
      LabClient site, Model.Side side, List<String> disks, int disk, int at, long seed) {
    byte[] bytes = new byte[WRITTEN_BYTES];
    new SplittableRandom(seed).nextBytes(bytes);
    booted(() -> site.look(side.vm()).toolsReady());
    site.writeInGuest(side.vm(), disks.get(disk), at, bytes);
    return side.holding(side.known().written(disk, at, bytes));
  }

  private static void booted(BooleanSupplier condition) {
    long deadline = System.nanoTime() + BOOT_LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("its guest has not booted");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** Powers a VM at production's site on, or off. */
  Model.Side power(Model.Side side) {
    if (side.isOn()) {
      var _ = world.production().powerOff(side.vm(), null);
    } else {
      var _ = world.production().powerOn(side.vm(), null);
    }
    return side.on(!side.isOn());
  }

  /** Deletes a VM at production's site. */
  void delete(Model.Side side) {
    if (side.isOn()) {
      var _ = world.production().powerOff(side.vm(), null);
    }
    world.production().deleteVm(side.vm(), null);
  }
}
