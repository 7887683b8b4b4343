package io.switchback.vsphere;

import com.vmware.vim25.VirtualController;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualDiskMode;
import com.vmware.vim25.VirtualDiskRawDiskMappingVer1BackingInfo;
import com.vmware.vim25.VirtualDiskSharing;
import com.vmware.vim25.VirtualIDEController;
import com.vmware.vim25.VirtualSATAController;
import com.vmware.vim25.VirtualSCSIController;
import com.vmware.vim25.VirtualSCSISharing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a VM's hardware lets its disks be snapshot and followed. */
final class Protectable {
  /** What must be read of a VM to tell. */
  static final String[] NEEDED = {
    "name",
    "config.version",
    "config.template",
    "config.changeTrackingEnabled",
    SnapshotTree.PATH,
    "config.extraConfig",
    "config.hardware.device"
  };

  /** The first hardware that tracks changes. */
  private static final int LEAST_HARDWARE = 7;

  private static final String VIRTUAL_TPM =
      "they have a virtual TPM, and replicas are made without it and the keys in it";

  private static final Pattern HARDWARE = Pattern.compile("vmx-0*(\\d+)");

  private Protectable() {}

  /** Why the VM cannot be protected as it is, a clause each; none when it can. */
  static List<String> obstacles(Properties.Row vm) {
    List<String> found = new ArrayList<>();
    Matcher version = HARDWARE.matcher(vm.get("config.version", String.class, ""));
    if (version.matches() && Integer.parseInt(version.group(1)) < LEAST_HARDWARE) {
      found.add("their virtual hardware is older than version " + LEAST_HARDWARE);
    }
    // Both are younger than vijava's classes: their settings tell, where vCenter shows them.
    if (isTrue(vm, "uefi.secureBoot.enabled")) {
      found.add("they boot with secure boot, and replicas are made without it");
    }
    if (isTrue(vm, "vtpm.present")) {
      found.add(VIRTUAL_TPM);
    }
    boolean hasDisk = false;
    for (VirtualDevice device :
        vm.get("config.hardware.device", VirtualDevice[].class, new VirtualDevice[0])) {
      switch (device) {
        case VirtualDisk disk -> {
          hasDisk = true;
          obstacle(disk.getBacking(), found);
        }
        case VirtualIDEController old when hasDisk(vm, old) ->
            found.add("they have a disk at an IDE controller, and replicas have SCSI alone");
        case VirtualSATAController old when hasDisk(vm, old) ->
            found.add("they have a disk at a SATA controller, and replicas have SCSI alone");
        case VirtualSCSIController shared
            when shared.getSharedBus() != null
                && shared.getSharedBus() != VirtualSCSISharing.noSharing ->
            found.add("they share a SCSI bus with other VMs");
        case VirtualController unknown when unknown.getClass() == VirtualController.class ->
            found.add("they have a disk controller that Switchback does not know, as NVMe is");
        case VirtualDevice unknown when "VirtualTPM".equals(unknown.getDynamicType()) ->
            found.add(VIRTUAL_TPM);
        case VirtualDevice unknown when unknown.getClass() == VirtualDevice.class ->
            found.add("they have a device that Switchback does not know, as a virtual TPM is");
        default -> {}
      }
    }
    if (!hasDisk) {
      found.add("they have no disk");
    }
    return found.stream().distinct().toList();
  }

  private static boolean isTrue(Properties.Row vm, String setting) {
    return Machine.setting(vm, setting).equalsIgnoreCase("TRUE");
  }

  // Also has the CD-ROM drive, which is no obstacle.
  private static boolean hasDisk(Properties.Row vm, VirtualController controller) {
    return Disks.of(vm).stream()
        .anyMatch(disk -> Objects.equals(disk.getControllerKey(), controller.getKey()));
  }

  private static void obstacle(@Nullable VirtualDeviceBackingInfo backing, List<String> found) {
    if (backing instanceof VirtualDiskRawDiskMappingVer1BackingInfo raw
        && "physicalMode".equals(raw.getCompatibilityMode())) {
      found.add("a disk is a raw device in physical mode, which has no snapshots");
    }
    String mode = "";
    String sharing = "";
    switch (backing) {
      case VirtualDiskFlatVer2BackingInfo flat -> {
        mode = flat.getDiskMode();
        sharing = flat.getSharing();
      }
      case VirtualDiskRawDiskMappingVer1BackingInfo raw -> {
        mode = raw.getDiskMode();
        sharing = raw.getSharing();
      }
      case null, default -> {}
    }
    if (VirtualDiskSharing.sharingMultiWriter.name().equals(sharing)) {
      found.add("a disk is written by several VMs (multi-writer), which have no snapshots of it");
    }
    if (VirtualDiskMode.independent_persistent.name().equals(mode)
        || VirtualDiskMode.independent_nonpersistent.name().equals(mode)) {
      found.add("a disk is independent, which snapshots leave out");
    }
  }
}
