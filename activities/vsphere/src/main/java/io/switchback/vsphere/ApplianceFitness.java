package io.switchback.vsphere;

import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualSCSIController;
import io.switchback.model.SiteFinding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What decides whether a VM can move the disks of others, as a check and a reprotection ask it.
 *
 * @param showsUuids whether its system tells disks apart: disk.EnableUUID
 * @param controllers kinds of SCSI controllers
 * @param free places for disks at these
 * @param snapshots of the VM itself, by name
 * @param hasTools whether its tools answer
 */
record ApplianceFitness(
    boolean showsUuids,
    List<String> controllers,
    int free,
    List<String> snapshots,
    boolean hasTools) {
  /** What must be read of it. */
  static final List<String> NEEDED =
      List.of("config.extraConfig", "config.hardware.device", SnapshotTree.PATH, NewSnapshot.TOOLS);

  /** Of {@code extraConfig}: whether a guest sees the uuids of its disks. */
  static final String SHOWS_UUIDS = "disk.EnableUUID";

  static ApplianceFitness of(Properties.Row vm) {
    return new ApplianceFitness(
        showsUuids(vm),
        Arrays.stream(vm.get("config.hardware.device", VirtualDevice[].class, new VirtualDevice[0]))
            .filter(VirtualSCSIController.class::isInstance)
            .map(controller -> controller.getClass().getSimpleName())
            .toList(),
        ScsiPlaces.allFree(vm).size(),
        SnapshotTree.of(vm).names(),
        VsphereVmActivities.areToolsReady(vm));
  }

  static boolean showsUuids(Properties.Row vm) {
    return Machine.setting(vm, SHOWS_UUIDS).equalsIgnoreCase("TRUE");
  }

  /** What it must be rid of first. */
  List<SiteFinding> findings(String site, String appliance) {
    List<SiteFinding> found = new ArrayList<>();
    if (!showsUuids) {
      found.add(
          SiteFinding.unfitTransferAppliance(
              site,
              appliance,
              SHOWS_UUIDS + " is not TRUE, so its system cannot tell disks apart",
              "Set it in its advanced settings while the VM is off."));
    }
    if (free == 0) {
      found.add(
          SiteFinding.unfitTransferAppliance(
              site,
              appliance,
              "every place for a disk at its SCSI controllers is taken",
              "Give it another SCSI controller, four at most, while the VM is off."));
    }
    if (!snapshots.isEmpty()) {
      found.add(
          SiteFinding.unfitTransferAppliance(
              site,
              appliance,
              "it has snapshots (%s), which would freeze and keep the disks of others that it has"
                  .formatted(SiteFinding.some(snapshots)),
              "Remove them, and take the VM out of backups."));
    }
    return found;
  }

  /** For people, as in {@code disk.EnableUUID TRUE, 56 places free at …}. */
  String described() {
    return "%s %s, %d places for disks free at %s, %s, VMware Tools %s"
        .formatted(
            SHOWS_UUIDS,
            showsUuids ? "TRUE" : "not TRUE",
            free,
            controllers.isEmpty() ? "no SCSI controller" : String.join(" and ", controllers),
            snapshots.isEmpty() ? "no snapshots" : "snapshots " + SiteFinding.some(snapshots),
            hasTools ? "running" : "silent");
  }
}
