package io.switchback.vsphere;

import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities;
import io.switchback.port.RoomContract;
import io.switchback.port.RoomFixture;
import java.rmi.RemoteException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite against a simulated vCenter. */
@ApiTier
class VsphereRoomActivitiesIT extends RoomContract {
  private static VcsimEstate estate;

  @BeforeAll
  static void start() {
    estate = new VcsimEstate("-vms", "20");
  }

  @AfterAll
  static void stop() {
    estate.close();
  }

  @Override
  protected RoomFixture open() throws RemoteException {
    return new Fixture();
  }

  private static final class Fixture implements RoomFixture {
    private final Front front = Front.before(estate.vcsim());
    private final VCenters vcenters = new VCenters(Map.of("berlin", new VCenter(front.settings())));
    private final Owner owner = new Owner(estate.vcsim());
    private final VmRef vm;

    Fixture() throws RemoteException {
      String name = estate.nextVm();
      vm = new VmRef("berlin", estate.judge().vm(name).instanceUuid(), name);
      VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
      spec.setNumCPUs(2);
      spec.setMemoryMB(1024L);
      owner.reconfigure(vm, spec);
    }

    @Override
    public RoomActivities rooms() {
      return new VsphereRoomActivities(vcenters);
    }

    @Override
    public VmRef vm() {
      return vm;
    }

    @Override
    public void power(VmRef of, PowerState power) {
      estate.judge().power(of.name(), power == PowerState.ON);
    }

    // A simulated datastore knows disks, not what is in them: a new one stands for what is written.
    @Override
    public void write(VmRef of, int bytes) {
      try {
        owner.addDisk(of, bytes);
      } catch (RemoteException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void breakSite() {
      front.close();
    }

    @Override
    public void close() {
      if (estate.judge().vm(vm.name()).power().equals("poweredOn")) {
        estate.judge().power(vm.name(), false);
      }
      owner.close();
      vcenters.close();
      front.close();
    }
  }
}
