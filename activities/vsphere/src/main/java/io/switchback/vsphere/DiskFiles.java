package io.switchback.vsphere;

import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualDeviceFileBackingInfo;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualDiskRawDiskMappingVer1BackingInfo;
import com.vmware.vim25.VirtualDiskSeSparseBackingInfo;
import com.vmware.vim25.VirtualDiskSparseVer2BackingInfo;
import com.vmware.vim25.VirtualMachineFileLayoutEx;
import com.vmware.vim25.VirtualMachineFileLayoutExDiskLayout;
import com.vmware.vim25.VirtualMachineFileLayoutExDiskUnit;
import com.vmware.vim25.VirtualMachineFileLayoutExFileInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What vSphere tells of the files behind disks; each format of them has a type of its own. */
final class DiskFiles {
  private DiskFiles() {}

  /** By which what changed after this moment is asked for; empty where changes are not tracked. */
  static Optional<String> changeId(VirtualDisk disk) {
    return Optional.ofNullable(
        switch (backing(disk)) {
          case VirtualDiskFlatVer2BackingInfo flat -> flat.getChangeId();
          case VirtualDiskSeSparseBackingInfo sparse -> sparse.getChangeId();
          case VirtualDiskSparseVer2BackingInfo sparse -> sparse.getChangeId();
          case VirtualDiskRawDiskMappingVer1BackingInfo raw -> raw.getChangeId();
          case null, default -> null;
        });
  }

  /**
   * What the disk holds, in so far as equal ids mean equal bytes while nobody writes to it; empty
   * where vSphere does not say.
   */
  static Optional<String> contentId(VirtualDisk disk) {
    return Optional.ofNullable(
        switch (backing(disk)) {
          case VirtualDiskFlatVer2BackingInfo flat -> flat.getContentId();
          case VirtualDiskSeSparseBackingInfo sparse -> sparse.getContentId();
          case VirtualDiskSparseVer2BackingInfo sparse -> sparse.getContentId();
          case VirtualDiskRawDiskMappingVer1BackingInfo raw -> raw.getContentId();
          case null, default -> null;
        });
  }

  /** What a guest knows the disk by; a copy has the same one. Empty where vSphere does not say. */
  static String uuid(VirtualDisk disk) {
    String uuid =
        switch (backing(disk)) {
          case VirtualDiskFlatVer2BackingInfo flat -> flat.getUuid();
          case VirtualDiskSeSparseBackingInfo sparse -> sparse.getUuid();
          case VirtualDiskSparseVer2BackingInfo sparse -> sparse.getUuid();
          case VirtualDiskRawDiskMappingVer1BackingInfo raw -> raw.getUuid();
          case null, default -> null;
        };
    return uuid == null ? "" : uuid;
  }

  /** The datastore path of the file that the disk is written to, then those that it stands on. */
  static List<String> chain(VirtualDisk disk) {
    return Stream.iterate(backing(disk), Objects::nonNull, DiskFiles::parent)
        .map(one -> one instanceof VirtualDeviceFileBackingInfo file ? file.getFileName() : null)
        .filter(Objects::nonNull)
        .toList();
  }

  private static @Nullable VirtualDeviceBackingInfo parent(VirtualDeviceBackingInfo backing) {
    return switch (backing) {
      case VirtualDiskFlatVer2BackingInfo flat -> flat.getParent();
      case VirtualDiskSeSparseBackingInfo sparse -> sparse.getParent();
      case VirtualDiskSparseVer2BackingInfo sparse -> sparse.getParent();
      case VirtualDiskRawDiskMappingVer1BackingInfo raw -> raw.getParent();
      default -> null;
    };
  }

  @SuppressWarnings("NullAway") // a disk whose file cannot be read has none
  private static VirtualDeviceBackingInfo backing(VirtualDisk disk) {
    return disk.getBacking();
  }

  /** The bytes that the files take to which the disks are written now, without their parents'. */
  static long runningBytes(List<VirtualDisk> disks, VirtualMachineFileLayoutEx layout) {
    Map<Integer, VirtualMachineFileLayoutExFileInfo> files =
        Arrays.stream(layout.getFile())
            .collect(
                Collectors.toMap(VirtualMachineFileLayoutExFileInfo::getKey, Function.identity()));
    List<String> running = disks.stream().map(Disks::file).toList();
    return Stream.ofNullable(layout.getDisk())
        .flatMap(Arrays::stream)
        .map(VirtualMachineFileLayoutExDiskLayout::getChain)
        .filter(Objects::nonNull)
        .flatMap(Arrays::stream)
        .map(unit -> files(unit, files))
        .filter(unit -> unit.stream().anyMatch(file -> running.contains(file.getName())))
        .flatMap(List::stream)
        .mapToLong(VirtualMachineFileLayoutExFileInfo::getSize)
        .sum();
  }

  private static List<VirtualMachineFileLayoutExFileInfo> files(
      VirtualMachineFileLayoutExDiskUnit unit,
      Map<Integer, VirtualMachineFileLayoutExFileInfo> files) {
    return Arrays.stream(unit.getFileKey()).mapToObj(files::get).filter(Objects::nonNull).toList();
  }
}
