package io.switchback.vsphere;

import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceFileBackingInfo;
import com.vmware.vim25.VirtualDisk;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A VM's disks. A disk's id is its VM's instance uuid and its key there: copies of a disk keep the
 * uuid of its file, so that would not be unique at a site.
 */
final class Disks {
  private Disks() {}

  static List<VirtualDisk> of(Properties.Row row) {
    return Arrays.stream(
            row.get("config.hardware.device", VirtualDevice[].class, new VirtualDevice[0]))
        .filter(VirtualDisk.class::isInstance)
        .map(VirtualDisk.class::cast)
        .toList();
  }

  static String id(Properties.Row row, VirtualDisk disk) {
    return "%s:%d".formatted(row.get("config.instanceUuid", String.class, ""), disk.getKey());
  }

  /** The disk of that id; empty when the VM has none. */
  static Optional<VirtualDisk> find(Properties.Row row, String id) {
    return of(row).stream().filter(disk -> id(row, disk).equals(id)).findFirst();
  }

  /** Bytes, by disk id. */
  static Map<String, Long> capacities(Properties.Row row) {
    Map<String, Long> capacities = new LinkedHashMap<>();
    of(row).forEach(disk -> capacities.put(id(row, disk), capacityBytes(disk)));
    return capacities;
  }

  @SuppressWarnings("NullAway") // older versions of the API know kilobytes only
  static long capacityBytes(VirtualDisk disk) {
    return disk.getCapacityInBytes() == null
        ? disk.getCapacityInKB() << 10
        : disk.getCapacityInBytes();
  }

  /** The datastore path of the file that it is written to; empty when its backing has none. */
  static String file(VirtualDisk disk) {
    return disk.getBacking() instanceof VirtualDeviceFileBackingInfo file ? file.getFileName() : "";
  }

  /** The datastore of its files, as in {@code [fast] web-01/web-01.vmx}. */
  static String datastore(Properties.Row row) {
    String file = row.get("config.files.vmPathName", String.class, "");
    int end = file.indexOf(']');
    return file.startsWith("[") && end > 0 ? file.substring(1, end) : "";
  }
}
