package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.ParaVirtualSCSIController;
import com.vmware.vim25.VirtualAHCIController;
import com.vmware.vim25.VirtualController;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualDiskRawDiskMappingVer1BackingInfo;
import com.vmware.vim25.VirtualIDEController;
import com.vmware.vim25.VirtualSCSISharing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtectableTest {
  @Test
  void hasNothingAgainstAnOrdinaryVm() {
    assertThat(Protectable.obstacles(vm("vmx-19", disk("persistent"), bus("noSharing")))).isEmpty();
  }

  @Test
  void tellsHardwareThatIsTooOld() {
    assertThat(Protectable.obstacles(vm("vmx-04", disk("persistent"))))
        .singleElement()
        .asString()
        .contains("older than version 7");
  }

  @Test
  void tellsDisksThatSnapshotsLeaveOut() {
    assertThat(
            Protectable.obstacles(
                vm("vmx-19", disk("independent_persistent"), disk("independent_nonpersistent"))))
        .containsExactly("a disk is independent, which snapshots leave out");
    assertThat(Protectable.obstacles(vm("vmx-19", raw("physicalMode"))))
        .singleElement()
        .asString()
        .contains("physical mode");
    assertThat(Protectable.obstacles(vm("vmx-19", raw("virtualMode")))).isEmpty();
  }

  @Test
  void tellsControllersThatAreSharedOrUnknown() {
    assertThat(Protectable.obstacles(vm("vmx-19", disk("persistent"), bus("physicalSharing"))))
        .containsExactly("they share a SCSI bus with other VMs");
    assertThat(Protectable.obstacles(vm("vmx-19", disk("persistent"), new VirtualController())))
        .singleElement()
        .asString()
        .contains("does not know");
  }

  @Test
  void tellsDisksAtControllersThatAReplicaDoesNotHave() {
    VirtualIDEController ide = new VirtualIDEController();
    ide.setKey(200);
    VirtualAHCIController sata = new VirtualAHCIController();
    sata.setKey(15000);
    VirtualDisk atIde = disk("persistent");
    atIde.setControllerKey(200);

    assertThat(Protectable.obstacles(vm("vmx-19", disk("persistent"), ide, sata))).isEmpty();
    assertThat(Protectable.obstacles(vm("vmx-19", atIde, ide, sata)))
        .containsExactly("they have a disk at an IDE controller, and replicas have SCSI alone");
  }

  @Test
  void tellsDisksThatSeveralVmsWrite() {
    VirtualDisk flat = disk("persistent");
    ((VirtualDiskFlatVer2BackingInfo) flat.getBacking()).setSharing("sharingMultiWriter");
    VirtualDisk raw = raw("virtualMode");
    ((VirtualDiskRawDiskMappingVer1BackingInfo) raw.getBacking()).setSharing("sharingMultiWriter");
    VirtualDisk alone = disk("persistent");
    ((VirtualDiskFlatVer2BackingInfo) alone.getBacking()).setSharing("sharingNone");

    for (VirtualDisk shared : List.of(flat, raw)) {
      assertThat(Protectable.obstacles(vm("vmx-19", shared)))
          .containsExactly(
              "a disk is written by several VMs (multi-writer), which have no snapshots of it");
    }
    assertThat(Protectable.obstacles(vm("vmx-19", alone))).isEmpty();
  }

  @Test
  void tellsWhatAReplicaWouldBootWithout() {
    assertThat(Protectable.obstacles(set("uefi.secureBoot.enabled", "TRUE")))
        .containsExactly("they boot with secure boot, and replicas are made without it");
    assertThat(Protectable.obstacles(set("uefi.secureBoot.enabled", "FALSE"))).isEmpty();
    assertThat(Protectable.obstacles(set("vtpm.present", "TRUE")))
        .containsExactly(
            "they have a virtual TPM, and replicas are made without it and the keys in it");
  }

  @Test
  void tellsDevicesThatAreYoungerThanTheLibrary() {
    VirtualDevice tpm = new VirtualDevice();
    tpm.setDynamicType("VirtualTPM");

    assertThat(Protectable.obstacles(vm("vmx-19", disk("persistent"), tpm)))
        .singleElement()
        .asString()
        .contains("virtual TPM", "keys");
    assertThat(Protectable.obstacles(vm("vmx-19", disk("persistent"), new VirtualDevice())))
        .singleElement()
        .asString()
        .contains("does not know");
  }

  @Test
  void tellsAVmWithoutDisks() {
    assertThat(Protectable.obstacles(vm("vmx-19"))).containsExactly("they have no disk");
  }

  private static Properties.Row set(String key, String value) {
    Map<String, Object> values = new HashMap<>(vm("vmx-19", disk("persistent")).values());
    values.put("config.extraConfig", new OptionValue[] {Fences.setting(key, value)});
    return new Properties.Row(vm("vmx-19").object(), values);
  }

  private static Properties.Row vm(String version, VirtualDevice... devices) {
    ManagedObjectReference reference = new ManagedObjectReference();
    reference.setType("VirtualMachine");
    reference.setVal("vm-1");
    return new Properties.Row(
        reference, Map.of("config.version", version, "config.hardware.device", devices));
  }

  private static VirtualDisk disk(String mode) {
    VirtualDiskFlatVer2BackingInfo backing = new VirtualDiskFlatVer2BackingInfo();
    backing.setDiskMode(mode);
    VirtualDisk disk = new VirtualDisk();
    disk.setBacking(backing);
    return disk;
  }

  private static VirtualDisk raw(String compatibility) {
    VirtualDiskRawDiskMappingVer1BackingInfo backing =
        new VirtualDiskRawDiskMappingVer1BackingInfo();
    backing.setCompatibilityMode(compatibility);
    backing.setDiskMode("persistent");
    VirtualDisk disk = new VirtualDisk();
    disk.setBacking(backing);
    return disk;
  }

  private static ParaVirtualSCSIController bus(String sharing) {
    ParaVirtualSCSIController controller = new ParaVirtualSCSIController();
    controller.setSharedBus(VirtualSCSISharing.valueOf(sharing));
    return controller;
  }
}
