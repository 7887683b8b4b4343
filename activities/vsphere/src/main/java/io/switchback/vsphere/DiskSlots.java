package io.switchback.vsphere;

import com.vmware.vim25.VirtualController;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualSCSIController;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which disk of production each disk of a replica's VM follows, by its place at its controller:
 * that is chosen before the disk is made, while its key is vCenter's choice. Kept in the VM's own
 * configuration, in the same change that makes the disks, so that what an attempt whose answer was
 * lost has made is known to the next one.
 */
final class DiskSlots {
  /** Of a VM's {@code extraConfig}: production's disks by slot, as in {@code 0:1=disk-b;0:0=…}. */
  static final String KEY = "switchback.disks";

  private final Map<String, Slot> slots = new LinkedHashMap<>();

  /** A place of a disk: a controller's bus, and a unit at it. */
  record Slot(int bus, int unit) {
    @Override
    public String toString() {
      return bus + ":" + unit;
    }
  }

  static DiskSlots none() {
    return new DiskSlots();
  }

  static DiskSlots of(Properties.Row row) {
    DiskSlots read = new DiskSlots();
    String recorded = Machine.setting(row, KEY);
    for (String one : recorded.isEmpty() ? new String[0] : recorded.split(";")) {
      String[] parts = one.split("[:=]", 3);
      read.put(
          URLDecoder.decode(parts[2], StandardCharsets.UTF_8),
          new Slot(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
    }
    return read;
  }

  boolean has(Slot slot) {
    return slots.containsValue(slot);
  }

  void put(String productionDisk, Slot slot) {
    slots.put(productionDisk, slot);
  }

  /** The VM's disk that follows production's; empty when none does, or it is gone. */
  Optional<VirtualDisk> disk(Properties.Row row, String productionDisk) {
    Slot slot = slots.get(productionDisk);
    return slot == null
        ? Optional.empty()
        : Disks.of(row).stream()
            .filter(disk -> slot(row, disk).equals(Optional.of(slot)))
            .findFirst();
  }

  /** Where a disk is; empty when its controller is none of SCSI. */
  static Optional<Slot> slot(Properties.Row row, VirtualDisk disk) {
    Integer unit = disk.getUnitNumber();
    return unit == null
        ? Optional.empty()
        : controllers(row).entrySet().stream()
            .filter(one -> one.getValue().equals(disk.getControllerKey()))
            .map(one -> new Slot(one.getKey(), unit))
            .findFirst();
  }

  /** Keys of the SCSI controllers, by their bus. */
  static Map<Integer, Integer> controllers(Properties.Row row) {
    return Arrays.stream(
            row.get("config.hardware.device", VirtualDevice[].class, new VirtualDevice[0]))
        .filter(VirtualSCSIController.class::isInstance)
        .map(VirtualController.class::cast)
        .collect(
            Collectors.toMap(
                VirtualController::getBusNumber, VirtualController::getKey, (a, b) -> a));
  }

  /** As it is recorded. */
  @Override
  public String toString() {
    return slots.entrySet().stream()
        .map(one -> one.getValue() + "=" + URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(";"));
  }
}
