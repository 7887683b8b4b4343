package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualMachineConfigSpec;
import com.vmware.vim25.VirtualMachineFileLayoutEx;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a VM's disks were written to since its snapshot was taken or reverted to.
 *
 * <p>The files that the disks are written to do not tell: a new one is not empty, and one that has
 * room grows no more. vSphere gives what a disk holds a content id: of two equal ones it promises
 * equal bytes, as long as nobody writes. So the content ids are kept, right after the snapshot or
 * revert, in the VM's configuration; whoever finds the same ones, while the VM is off, knows.
 * Whoever finds others, or none, does not know, and takes the disks for written to.
 *
 * @see <a
 *     href="https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.vm.device.VirtualDisk.FlatVer2BackingInfo.html">vSphere
 *     API, contentId</a>
 */
final class Untouched {
  /** Of a VM's {@code extraConfig}: the snapshot, and of each disk a digest of its content id. */
  static final String KEY = "switchback.untouched";

  /** What {@link #is} and {@link #unsavedBytes} need to have been read. */
  static final List<String> READ =
      List.of(SnapshotTree.PATH, "config.hardware.device", "config.extraConfig");

  private Untouched() {}

  /** Whether the disks hold exactly what the snapshot holds that they stand on. */
  static boolean is(Machine vm) {
    String kept = Machine.setting(vm.row(), KEY);
    return !kept.isEmpty() && Optional.of(kept).equals(mark(vm));
  }

  /** Whether this one of them does; others may have been written to. */
  static boolean is(Machine vm, VirtualDisk disk) {
    return vm.power() == PowerState.OFF
        && DiskFiles.contentId(disk).isPresent()
        && Machine.setting(vm.row(), KEY).startsWith(SnapshotTree.of(vm.row()).currentId() + " ")
        && List.of(Machine.setting(vm.row(), KEY).split(" ")).contains(mark(disk));
  }

  /** What would be kept of the VM as it is; empty when that cannot be said. */
  private static Optional<String> mark(Machine vm) {
    String snapshot = SnapshotTree.of(vm.row()).currentId();
    List<VirtualDisk> disks = Disks.of(vm.row());
    if (vm.power() != PowerState.OFF
        || snapshot.isEmpty()
        || disks.stream().anyMatch(disk -> DiskFiles.contentId(disk).isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        disks.stream()
            .sorted(Comparator.comparingInt(VirtualDisk::getKey))
            .map(Untouched::mark)
            .collect(Collectors.joining(" ", snapshot + " ", "")));
  }

  /** A content id may be long, and a VM has up to 60 disks. */
  private static String mark(VirtualDisk disk) {
    byte[] digest =
        sha256().digest(DiskFiles.contentId(disk).orElseThrow().getBytes(StandardCharsets.UTF_8));
    return disk.getKey() + ":" + HexFormat.of().formatHex(digest, 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Keeps that the disks hold what the snapshot holds, and the fence with it. Nothing is kept when
   * the VM is no longer off or stands on another snapshot.
   *
   * @throws io.switchback.fault.FaultException as {@link Fences#raise}
   */
  static void keep(String what, Machine vm, Mandate mandate, ManagedObjectReference snapshot)
      throws RemoteException {
    var _ =
        Fences.change(
            what,
            vm.vcenter(),
            vm.vm(),
            mandate,
            now ->
                SnapshotTree.of(now.row()).currentId().equals(snapshot.getVal())
                    ? wanted(now)
                    : Optional.empty(),
            READ.toArray(String[]::new));
  }

  private static Optional<VirtualMachineConfigSpec> wanted(Machine now) {
    return mark(now)
        .filter(mark -> !mark.equals(Machine.setting(now.row(), KEY)))
        .map(
            mark -> {
              VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
              spec.setExtraConfig(new OptionValue[] {Fences.setting(KEY, mark)});
              return spec;
            });
  }

  /**
   * What was written since the snapshot that the disks stand on, at most: the files that the disks
   * are written to, with what vSphere itself keeps there. 0 when nothing was written, or there is
   * no snapshot.
   */
  static long unsavedBytes(Machine vm) throws RemoteException {
    if (SnapshotTree.of(vm.row()).currentId().isEmpty() || is(vm)) {
      return 0;
    }
    VirtualMachineFileLayoutEx layout =
        vm.vcenter()
            .read(
                live -> {
                  // Without it the sizes are those of some time ago.
                  live.vim().refreshStorageInfo(vm.reference());
                  return Properties.of(live, vm.reference(), "layoutEx");
                })
            .get("layoutEx", VirtualMachineFileLayoutEx.class);
    return Math.max(1, bytes(vm, layout));
  }

  // Files that cannot be looked at are no reason to say that nothing was written.
  private static long bytes(Machine vm, @Nullable VirtualMachineFileLayoutEx layout) {
    return layout == null || layout.getFile() == null
        ? 0
        : DiskFiles.runningBytes(Disks.of(vm.row()), layout);
  }
}
