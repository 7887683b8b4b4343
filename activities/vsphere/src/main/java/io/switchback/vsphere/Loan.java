package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualDisk;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That a transfer appliance has a disk of another VM, as the appliance's own configuration tells
 * it. It is kept in the very change that attaches the disk, and forgotten in the one that detaches
 * it.
 *
 * @param owner instance uuid of the VM whose disk it is
 * @param key of the disk there
 * @param token of the transfer that it was attached for
 * @param uuid of the disk; empty when vSphere does not say
 * @param file the datastore path that was attached
 */
record Loan(String owner, int key, String token, String uuid, String file) {
  /** Of a VM's {@code extraConfig}, before the owner's instance uuid and the disk's key. */
  private static final String PREFIX = "switchback.borrowed.";

  private static final Pattern NAME = Pattern.compile("([0-9A-Fa-f-]{36})\\.(\\d+)");
  private static final Pattern VALUE = Pattern.compile("(\\S+) uuid=(.*?) file=(.+)");

  static List<Loan> of(Properties.Row appliance) {
    return Machine.settings(appliance, PREFIX).entrySet().stream()
        .flatMap(
            one -> {
              Matcher name = NAME.matcher(one.getKey());
              Matcher value = VALUE.matcher(one.getValue());
              return name.matches() && value.matches()
                  ? java.util.stream.Stream.of(
                      new Loan(
                          name.group(1),
                          Integer.parseInt(name.group(2)),
                          value.group(1),
                          value.group(2),
                          value.group(3)))
                  : java.util.stream.Stream.empty();
            })
        .toList();
  }

  /** The appliance's device; empty when it is not there. */
  Optional<VirtualDisk> device(Properties.Row appliance) {
    return Disks.of(appliance).stream().filter(this::isOf).findFirst();
  }

  // Of a disk whose writes are thrown away, a redo log may stand where its file stood.
  boolean isOf(VirtualDisk disk) {
    return Disks.file(disk).equals(file) || (!uuid.isEmpty() && DiskFiles.uuid(disk).equals(uuid));
  }

  OptionValue recorded() {
    return Fences.setting(setting(), "%s uuid=%s file=%s".formatted(token, uuid, file));
  }

  OptionValue forgotten() {
    return Fences.setting(setting(), "");
  }

  private String setting() {
    return PREFIX + owner + "." + key;
  }

  /** Takes the disk from the VM and leaves its files as they are. */
  static VirtualDeviceConfigSpec removal(VirtualDisk disk) {
    VirtualDeviceConfigSpec change = new VirtualDeviceConfigSpec();
    change.setOperation(VirtualDeviceConfigSpecOperation.remove);
    change.setDevice(disk);
    return change;
  }
}
