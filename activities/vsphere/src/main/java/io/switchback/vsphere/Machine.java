package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualMachinePowerState;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A VM as its vCenter said it was a moment ago. Its id is the instance uuid, which it keeps for
 * life; the reference that calls need is good for one vCenter's memory of it only, so it is looked
 * up, remembered, and verified at each use.
 */
final class Machine {
  private static final String[] ALWAYS = {
    "config.instanceUuid", "runtime.powerState", "runtime.host"
  };

  private final VCenter vcenter;
  private final VmRef vm;
  private final Properties.Row row;

  private Machine(VCenter vcenter, VmRef vm, Properties.Row row) {
    this.vcenter = vcenter;
    this.vm = vm;
    this.row = row;
  }

  /**
   * Finds the VM and reads properties of it.
   *
   * @throws FaultException VM_NOT_FOUND; SITE_UNREACHABLE when vCenter knows it and cannot reach it
   */
  static Machine read(VCenter vcenter, VmRef vm, String... paths) throws RemoteException {
    String[] all =
        Stream.concat(Arrays.stream(ALWAYS), Arrays.stream(paths)).toArray(String[]::new);
    ManagedObjectReference remembered = vcenter.references().get(vm.id());
    if (remembered != null) {
      Optional<Machine> there = readAt(vcenter, vm, remembered, all);
      if (there.isPresent()) {
        return there.get();
      }
      vcenter.references().remove(vm.id(), remembered);
    }
    ManagedObjectReference found = find(vcenter, vm);
    Machine machine = readAt(vcenter, vm, found, all).orElseThrow(() -> unreachable(vm, found));
    vcenter.references().put(vm.id(), found);
    return machine;
  }

  /** Empty when another VM has that reference now, or none. */
  private static Optional<Machine> readAt(
      VCenter vcenter, VmRef vm, ManagedObjectReference reference, String[] paths)
      throws RemoteException {
    try {
      Properties.Row row = vcenter.read(live -> Properties.of(live, reference, paths));
      return vm.id().equals(row.get("config.instanceUuid", String.class))
          ? Optional.of(new Machine(vcenter, vm, row))
          : Optional.empty();
    } catch (ManagedObjectNotFound gone) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("NullAway") // everywhere is null, and so is not found
  private static ManagedObjectReference find(VCenter vcenter, VmRef vm) throws RemoteException {
    ManagedObjectReference found =
        isUuid(vm.id())
            ? vcenter.read(
                live ->
                    live.vim()
                        .findByUuid(live.content().getSearchIndex(), null, vm.id(), true, true))
            : null;
    if (found == null) {
      throw new FaultException(
          Fault.VM_NOT_FOUND,
          "Could not find %s: its vCenter has no VM with that instance uuid. Look whether it was unregistered, or another VM took its place."
              .formatted(vm));
    }
    return found;
  }

  static boolean isUuid(String id) {
    try {
      return UUID.fromString(id).toString().equals(id);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static FaultException unreachable(VmRef vm, ManagedObjectReference found) {
    return new FaultException(
        Fault.SITE_UNREACHABLE,
        "Could not read %s: vCenter lists it at %s and cannot tell its configuration. Look at its host and datastore in the vSphere Client."
            .formatted(vm, found.getVal()));
  }

  VCenter vcenter() {
    return vcenter;
  }

  VmRef vm() {
    return vm;
  }

  ManagedObjectReference reference() {
    return row.object();
  }

  Properties.Row row() {
    return row;
  }

  /** Its host's reference; empty when it has none now. */
  String host() {
    ManagedObjectReference host = row.get("runtime.host", ManagedObjectReference.class);
    return host == null ? "" : host.getVal();
  }

  PowerState power() {
    return power(row);
  }

  static PowerState power(Properties.Row row) {
    VirtualMachinePowerState state =
        row.get(
            "runtime.powerState",
            VirtualMachinePowerState.class,
            VirtualMachinePowerState.poweredOff);
    return switch (state) {
      case poweredOn -> PowerState.ON;
      case poweredOff -> PowerState.OFF;
      case suspended -> PowerState.SUSPENDED;
    };
  }

  /** A setting of its {@code extraConfig}; empty when it has none. */
  static String setting(Properties.Row row, String key) {
    return settings(row).getOrDefault(key, "");
  }

  /** Its settings whose keys begin so, by what follows. */
  static Map<String, String> settings(Properties.Row row, String prefix) {
    Map<String, String> found = new TreeMap<>();
    settings(row)
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix) && !value.isEmpty()) {
                found.put(key.substring(prefix.length()), value);
              }
            });
    return found;
  }

  private static Map<String, String> settings(Properties.Row row) {
    OptionValue @Nullable [] options = row.get("config.extraConfig", OptionValue[].class);
    if (options == null) {
      return Map.of();
    }
    return Arrays.stream(options)
        .filter(option -> option.getValue() instanceof String)
        .collect(
            java.util.stream.Collectors.toMap(
                OptionValue::getKey,
                option -> option.getValue().toString(),
                (first, second) -> second));
  }
}
