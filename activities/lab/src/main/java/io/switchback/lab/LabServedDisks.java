package io.switchback.lab;

import io.switchback.delta.DiskSource;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.ServedDisks;
import io.switchback.delta.wire.WireFault;
import io.switchback.fault.FaultException;
import java.io.IOException;

/** Snapshots' disks of the lab sites that this worker reaches, as it serves them to other sites. */
public final class LabServedDisks implements ServedDisks {
  private final LabSites sites;

  public LabServedDisks(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public DiskSource open(GrantedDisk disk) throws IOException {
    try {
      return LabDiskSource.open(sites.client(disk.site()), disk.vm(), disk.disk(), disk.snapshot());
    } catch (LabException refused) {
      WireFault fault =
          switch (refused.fault()) {
            case "NO_SUCH_SNAPSHOT" -> WireFault.NO_SUCH_SNAPSHOT;
            case "NO_SUCH_VM", "NO_SUCH_DISK" -> WireFault.NO_SUCH_DISK;
            default -> WireFault.READ_FAILED;
          };
      throw new RefusedException(
          fault, "Could not open %s: %s".formatted(disk, refused.getMessage()));
    } catch (FaultException unreachable) {
      throw new RefusedException(WireFault.READ_FAILED, unreachable.sentence());
    }
  }
}
