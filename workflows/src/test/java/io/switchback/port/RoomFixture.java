package io.switchback.port;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;

/**
 * A site for {@link RoomContract}: its adapter, and a way past it. Each test opens one of its own.
 */
public interface RoomFixture extends AutoCloseable {
  /** The adapter under test. */
  RoomActivities rooms();

  /** A VM that is off, with 2 CPUs, 1 GiB of memory and a disk; there is room to start it. */
  VmRef vm();

  /** Powers the VM on or off as a person with the hypervisor's own client does. */
  void power(VmRef vm, PowerState power);

  /** Writes so much durably to new places of the VM's disk, as its guest would. */
  void write(VmRef vm, int bytes);

  /** The hypervisor answers nobody from now on. */
  void breakSite();

  @Override
  void close();
}
