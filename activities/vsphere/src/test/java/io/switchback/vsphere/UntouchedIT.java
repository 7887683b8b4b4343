package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.VirtualDisk;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.PortCaller;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is known of a VM's disks since their snapshot. */
@ByteTier
class UntouchedIT {
  @Test
  void knowsWhichOfTheDisksWasWrittenTo() throws Exception {
    try (VcsimEstate estate = new VcsimEstate("-vms", "1", "-disks", "2", "-disk-mib", "1");
        Front front = Front.withBytes(estate.vcsim());
        VCenters vcenters = new VCenters(Map.of("berlin", new VCenter(front.settings())));
        PortCaller<SnapshotActivities> port =
            new PortCaller<>(SnapshotActivities.class, new VsphereSnapshotActivities(vcenters))) {
      VmRef vm = new VmRef("berlin", estate.judge().vm("vm-0").instanceUuid(), "vm-0");
      Mandate mandate = new Mandate("operation", "snapshot", new Fence(1, 7, 1, 0));
      port.call().createSnapshot(new CreateSnapshot(mandate, vm, "one", false));
      assertThat(Untouched.is(read(vcenters, vm))).isTrue();

      String written = estate.judge().disks("vm-0").getFirst().file();
      Files.writeString(FlatFile.of(estate.vcsim().file(written)), "written");

      Machine now = read(vcenters, vm);
      List<VirtualDisk> disks = Disks.of(now.row());
      assertThat(Untouched.is(now)).isFalse();
      assertThat(Untouched.is(now, disks.getFirst())).isFalse();
      assertThat(Untouched.is(now, disks.getLast())).isTrue();
    }
  }

  private static Machine read(VCenters vcenters, VmRef vm) throws Exception {
    return Machine.read(vcenters.of(vm), vm, Untouched.READ.toArray(String[]::new));
  }
}
