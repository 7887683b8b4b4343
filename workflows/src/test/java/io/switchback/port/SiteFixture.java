package io.switchback.port;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.util.List;

/**
 * A site for {@link VmContract}, {@link GuestContract} and {@link SnapshotContract}: its adapters,
 * and a way past them, by which the suites look and meddle from outside the product. Each test
 * opens one of its own.
 */
public interface SiteFixture extends AutoCloseable {
  /** The adapter under test. */
  VmActivities vms();

  /** The adapter under test. */
  GuestActivities guests();

  /** The adapter under test. */
  SnapshotActivities snapshots();

  /**
   * A VM that is off, has at least two disks of at least 64 KiB and no snapshot. Once powered on,
   * its guest gets ready soon, and its tools can quiesce it.
   */
  VmRef vm();

  /** Another such VM at the same site. */
  VmRef other();

  /** Powers the VM on or off as a person with the hypervisor's own client does. */
  void power(VmRef vm, PowerState power);

  /** The VM's power, as the hypervisor's own client shows it. */
  PowerState power(VmRef vm);

  /** The VM's disk ids, as in {@link VmActivities.VmStatus#disks()}. */
  List<String> disks(VmRef vm);

  /** Writes durably to a disk of a VM that is off, as its guest would. */
  void write(VmRef vm, String disk, long offsetBytes, byte[] bytes);

  /** Reads a disk of a VM that is off, past the adapters. */
  byte[] read(VmRef vm, String disk, long offsetBytes, int length);

  /** Unplugs the VM's cards as a person with the hypervisor's own client does. */
  void unplug(VmRef vm);

  /** How often the hypervisor did such a thing to the VM, whoever asked through the adapters. */
  long effects(SiteEffect effect, VmRef vm);

  /** The hypervisor answers nobody from now on. */
  void breakSite();

  /** No host has room for a VM from now on. */
  void fillHosts();

  /** The guest's tools do not answer at once after power-on, but within a second. */
  void slowGuest(VmRef vm);

  /** The guest's tools answer, and it goes on when it is asked to shut down. */
  void stubbornGuest(VmRef vm);

  /** The guest's tools never answer. */
  void silenceGuest(VmRef vm);

  @Override
  void close();
}
