package io.switchback.vsphere;

import io.switchback.delta.DiskSource;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.ServedDisks;
import io.switchback.delta.wire.WireFault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.io.IOException;
import java.rmi.RemoteException;

/**
 * Snapshots' disks of vCenters, as a worker on a transfer appliance serves them to other sites.
 * Each is attached for its stream and detached after it.
 */
public final class VsphereServedDisks implements ServedDisks {
  private final VCenters vcenters;
  private final Appliances appliances;

  public VsphereServedDisks(VCenters vcenters, Appliances appliances) {
    this.vcenters = vcenters;
    this.appliances = appliances;
  }

  @Override
  public DiskSource open(GrantedDisk disk) throws IOException {
    String what = "serve " + disk;
    try {
      VmRef vm = new VmRef(disk.site(), disk.vm(), disk.vm());
      return FrozenDisk.find(what, vcenters.at(disk.site()), vm, disk.snapshot(), disk.disk())
          .open(what, appliances.at(what, disk.site()));
    } catch (RemoteException e) {
      throw refused(VsphereFaults.translate(what, e));
    } catch (FaultException e) {
      throw refused(e);
    }
  }

  private static RefusedException refused(FaultException e) {
    WireFault fault =
        switch (e.fault()) {
          case RESTORE_POINT_NOT_FOUND -> WireFault.NO_SUCH_SNAPSHOT;
          case VM_NOT_FOUND, SHAPE_CHANGED -> WireFault.NO_SUCH_DISK;
          default -> WireFault.READ_FAILED;
        };
    return new RefusedException(fault, e.sentence());
  }
}
