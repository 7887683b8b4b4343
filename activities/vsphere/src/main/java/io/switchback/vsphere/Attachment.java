package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * That a transfer appliance may have a disk of a VM, as the VM's own configuration tells it. It is
 * kept there before the disk is attached, so that whoever must detach it knows where to look. A
 * clone inherits the text, and not the disk: so its owner stands in it.
 *
 * @param appliance its instance uuid
 * @param key of the disk at its VM
 * @param isWritten by a transfer into it
 * @param file the datastore path that is attached
 */
record Attachment(String appliance, VmRef owner, int key, boolean isWritten, String file) {
  /** Of a VM's {@code extraConfig}, before the appliance's instance uuid and the disk's key. */
  private static final String PREFIX = "switchback.attached.";

  private static final Pattern NAME = Pattern.compile("([0-9A-Fa-f-]{36})\\.(\\d+)");
  private static final Pattern VALUE = Pattern.compile("(\\S+) ([rw]) (.+)");

  /** What is recorded of the VM's own disks. */
  static List<Attachment> of(Machine vm) {
    return Machine.settings(vm.row(), PREFIX).entrySet().stream()
        .flatMap(
            one -> {
              Matcher name = NAME.matcher(one.getKey());
              Matcher value = VALUE.matcher(one.getValue());
              return name.matches() && value.matches() && value.group(1).equals(vm.vm().id())
                  ? java.util.stream.Stream.of(
                      new Attachment(
                          name.group(1),
                          vm.vm(),
                          Integer.parseInt(name.group(2)),
                          value.group(2).equals("w"),
                          value.group(3)))
                  : java.util.stream.Stream.empty();
            })
        .toList();
  }

  /**
   * The instance uuids of the appliances that may have disks of the VM, or of what it is a clone
   * of.
   */
  static Set<String> appliances(Properties.Row vm) {
    return Machine.settings(vm, PREFIX).keySet().stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .map(name -> name.group(1))
        .collect(Collectors.toSet());
  }

  private String setting() {
    return PREFIX + appliance + "." + key;
  }

  private String value() {
    return "%s %s %s".formatted(owner.id(), isWritten ? "w" : "r", file);
  }

  boolean isRecorded(Properties.Row row) {
    return value().equals(Machine.setting(row, setting()));
  }

  OptionValue recorded() {
    return Fences.setting(setting(), value());
  }

  /** vCenter forgets a setting without a value. */
  OptionValue forgotten() {
    return Fences.setting(setting(), "");
  }
}
