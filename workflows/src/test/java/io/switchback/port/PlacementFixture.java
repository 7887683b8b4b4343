package io.switchback.port;

import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Optional;

/**
 * A site for {@link InventoryContract} and {@link PlaceholderContract}: its adapters, and a way
 * past them, by which the suites look and meddle from outside the product. Each test opens one of
 * its own, which has no VM.
 */
public interface PlacementFixture extends AutoCloseable {
  /** The adapter under test. */
  InventoryActivities inventory();

  /** The adapter under test. */
  PlaceholderActivities placeholders();

  /** The site's name. */
  String site();

  /** Where VMs can stand at the site, without a folder. */
  Placement placement();

  /** A VM of anybody's, off, with that many disks of 1 MiB, in the folder and with the tags. */
  VmRef vm(String name, int disks, String folder, List<String> tags);

  /** Changes what a VM that is off is made of, as its owner does. */
  void change(VmRef vm, Hardware hardware);

  /** Gives the VM another name. */
  void rename(VmRef vm, String name);

  /** Writes durably to a disk of a VM that is off, as its guest would. */
  void write(VmRef vm, String disk, long offsetBytes, byte[] bytes);

  /** Reads a disk of a VM that is off, past the adapters. */
  byte[] read(VmRef vm, String disk, long offsetBytes, int length);

  /** What the hypervisor's own client shows of the VM; empty when there is none. */
  Optional<VmProfile> look(VmRef vm);

  /** Id of the replica that the VM is marked for; empty when anybody may start it. */
  String managedBy(VmRef vm);

  /** Powers the VM on or off, forcing it where that needs force. */
  void power(VmRef vm, PowerState power);

  /** Snapshots the VM under the mandate. */
  void snapshot(VmRef vm, Mandate mandate, String name);

  /** Bytes that VMs have taken of the site's datastores. */
  long takenBytes();

  /** How many VMs the site has. */
  int vms();

  /** The hypervisor answers nobody from now on. */
  void breakSite();

  @Override
  void close();
}
