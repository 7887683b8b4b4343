package io.switchback.vsphere;

import com.vmware.vim25.VirtualDisk;
import io.switchback.model.DiskPair;
import java.io.IOException;

/**
 * A test fixture: the replica's first disk, as a worker's appliance at the recovery site has it.
 */
final class BorrowedDisk {
  private final VcsimTransferFixture sites;
  private final DiskPair disk;

  BorrowedDisk(VcsimTransferFixture sites) {
    this.sites = sites;
    this.disk = sites.replica().disks().getFirst();
  }

  /** As a worker does before it writes to it. */
  Attached attach(Appliances worker) throws IOException {
    Appliance appliance = worker.at("write", "munich");
    Attachment attachment = appliance.attachment(sites.replica().recovery(), device(), true);
    Attachments.record("write", sites.recoveryVcenter(), attachment);
    return appliance.attach("write", attachment, device());
  }

  /** As a worker does that dies then. */
  void leaveBehind() throws IOException {
    var _ = attach(sites.deadWorker());
  }

  /** Its owner's note is taken away by whoever looks for the disk next, or attaches it again. */
  void forget() throws IOException {
    Attachments.forget(
        "forget",
        sites.recoveryVcenter(),
        sites.replica().recovery(),
        Attachment.of(
            Machine.read(
                sites.recoveryVcenter(), sites.replica().recovery(), "config.extraConfig")));
  }

  VirtualDisk device() throws IOException {
    Machine replica =
        Machine.read(sites.recoveryVcenter(), sites.replica().recovery(), "config.hardware.device");
    return Disks.find(replica.row(), disk.recoveryDisk()).orElseThrow();
  }
}
