package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import com.vmware.vim25.ParaVirtualSCSIController;
import com.vmware.vim25.VirtualBusLogicController;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecFileOperation;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualDeviceConnectInfo;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualDiskMode;
import com.vmware.vim25.VirtualEthernetCard;
import com.vmware.vim25.VirtualLsiLogicController;
import com.vmware.vim25.VirtualLsiLogicSASController;
import com.vmware.vim25.VirtualMachineConfigSpec;
import com.vmware.vim25.VirtualSCSIController;
import com.vmware.vim25.VirtualSCSISharing;
import com.vmware.vim25.VirtualVmxnet3;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskFormat;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.PowerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The change that makes a replica's VM what it shall be: built up, and empty when it is so already.
 * New devices carry keys of their own below zero until vCenter gives them theirs.
 */
final class ReplicaHardware {
  /** Details of hardware: what vCenter takes the guest to be, and the kind of SCSI controller. */
  static final String GUEST = "vsphere.guest";

  static final String CONTROLLER = "vsphere.controller";

  /** Whether the guest sees its disks' uuids, where production says so. */
  static final String DISK_UUIDS = "vsphere.diskUuids";

  private static final int BUSES = 4;
  private static final int UNITS = 16;

  /** Of each bus, taken by the controller itself. */
  private static final int CONTROLLERS_OWN_UNIT = 7;

  private final String what;
  private final Properties.Row row;
  private final List<VirtualDeviceConfigSpec> devices = new ArrayList<>();
  private final List<OptionValue> settings = new ArrayList<>();
  private final Map<Integer, Integer> controllers;
  private final Set<String> taken = new TreeSet<>();
  private final VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
  private boolean isChanged;
  private String controllerKind = "";
  private int nextKey = -1;

  /**
   * @param row the VM with its devices; one without values for a VM that is not there yet
   */
  ReplicaHardware(String what, Properties.Row row) {
    this.what = what;
    this.row = row;
    this.controllers = new TreeMap<>(DiskSlots.controllers(row));
    for (VirtualDisk disk : Disks.of(row)) {
      DiskSlots.slot(row, disk).ifPresent(slot -> taken.add(slot.toString()));
    }
  }

  /** Whether anything differs from what is there. */
  boolean isChanged() {
    return isChanged || !devices.isEmpty() || !settings.isEmpty();
  }

  /**
   * The change.
   *
   * @param more settings that come with it
   */
  VirtualMachineConfigSpec spec(OptionValue... more) {
    spec.setDeviceChange(devices.toArray(new VirtualDeviceConfigSpec[0]));
    spec.setExtraConfig(
        Stream.concat(settings.stream(), Arrays.stream(more)).toArray(OptionValue[]::new));
    return spec;
  }

  ReplicaHardware name(String name) {
    if (!name.equals(SiteNames.decoded(row.get("name", String.class, "")))) {
      spec.setName(name);
      isChanged = true;
    }
    return this;
  }

  /** What another VM on vSphere must have like this one to boot the same disks. */
  static Map<String, String> details(Properties.Row row) {
    Map<String, String> details = new TreeMap<>();
    String guest = row.get("config.guestId", String.class);
    if (guest != null) {
      details.put(GUEST, guest);
    }
    Disks.of(row).stream()
        .findFirst()
        .flatMap(disk -> controllerOf(row, disk))
        .ifPresent(kind -> details.put(CONTROLLER, kind.getClass().getSimpleName()));
    String uuids = Machine.setting(row, ApplianceFitness.SHOWS_UUIDS);
    if (!uuids.isEmpty()) {
      details.put(DISK_UUIDS, uuids);
    }
    return details;
  }

  private static Optional<VirtualSCSIController> controllerOf(
      Properties.Row row, VirtualDisk disk) {
    return Arrays.stream(
            row.get("config.hardware.device", VirtualDevice[].class, new VirtualDevice[0]))
        .filter(device -> Objects.equals(device.getKey(), disk.getControllerKey()))
        .filter(VirtualSCSIController.class::isInstance)
        .map(VirtualSCSIController.class::cast)
        .findFirst();
  }

  /**
   * CPUs, memory, firmware, what the guest is and sees of its disks; the controllers that are made
   * from now on.
   */
  ReplicaHardware machine(Hardware wanted) {
    controllerKind = wanted.details().getOrDefault(CONTROLLER, "");
    String guest = wanted.details().getOrDefault(GUEST, "");
    if (!guest.isEmpty() && !guest.equals(row.get("config.guestId", String.class))) {
      spec.setGuestId(guest);
      isChanged = true;
    }
    String uuids = wanted.details().getOrDefault(DISK_UUIDS, "");
    if (!uuids.isEmpty() && !uuids.equals(Machine.setting(row, ApplianceFitness.SHOWS_UUIDS))) {
      settings.add(Fences.setting(ApplianceFitness.SHOWS_UUIDS, uuids));
    }
    if (!Objects.equals(wanted.cpus(), row.get("config.hardware.numCPU", Integer.class))) {
      spec.setNumCPUs(wanted.cpus());
      isChanged = true;
    }
    int mib = (int) (wanted.memoryBytes() >> 20);
    if (!Objects.equals(mib, row.get("config.hardware.memoryMB", Integer.class))) {
      spec.setMemoryMB((long) mib);
      isChanged = true;
    }
    String firmware = wanted.firmware().name().toLowerCase(Locale.ROOT);
    if (!firmware.equals(row.get("config.firmware", String.class))) {
      spec.setFirmware(firmware);
      isChanged = true;
    }
    return this;
  }

  /** Cards, each on its network; what is so already stays. */
  ReplicaHardware cards(List<Nic> wanted, SiteNames names, HostNetworks networks) {
    List<VirtualEthernetCard> now = Cards.of(row);
    for (int i = 0; i < Math.max(now.size(), wanted.size()); i++) {
      if (i >= wanted.size()) {
        devices.add(Cards.change(what, VirtualDeviceConfigSpecOperation.remove, now.get(i)));
      } else if (i >= now.size()) {
        devices.add(
            change(
                VirtualDeviceConfigSpecOperation.add,
                card(wanted.get(i), networks.backing(what, wanted.get(i).network()))));
      } else if (!isSo(now.get(i), wanted.get(i), names)) {
        VirtualEthernetCard card = now.get(i);
        if (!names.network(card.getBacking()).equals(wanted.get(i).network())) {
          card.setBacking(networks.backing(what, wanted.get(i).network()));
        }
        card.setConnectable(plug(wanted.get(i).connected()));
        devices.add(Cards.change(what, VirtualDeviceConfigSpecOperation.edit, card));
      }
    }
    return this;
  }

  /** The cards of a copy, each in a network of a drill at its host, whatever is there. */
  ReplicaHardware drillCards(List<Nic> wanted) {
    List<VirtualEthernetCard> now = Cards.of(row);
    for (int i = 0; i < Math.max(now.size(), wanted.size()); i++) {
      if (i >= wanted.size()) {
        devices.add(Cards.change(what, VirtualDeviceConfigSpecOperation.remove, now.get(i)));
        continue;
      }
      VirtualDeviceBackingInfo backing = HostDrillNetworks.backing(wanted.get(i).network());
      if (i >= now.size()) {
        devices.add(change(VirtualDeviceConfigSpecOperation.add, card(wanted.get(i), backing)));
      } else {
        VirtualEthernetCard card = now.get(i);
        card.setBacking(backing);
        card.setConnectable(plug(wanted.get(i).connected()));
        forgetAddress(card);
        devices.add(Cards.change(what, VirtualDeviceConfigSpecOperation.edit, card));
      }
    }
    return this;
  }

  /** The VM that is copied keeps its own. */
  @SuppressWarnings("NullAway") // vCenter gives another one
  private static void forgetAddress(VirtualEthernetCard card) {
    card.setAddressType("generated");
    card.setMacAddress(null);
  }

  private static boolean isSo(VirtualEthernetCard card, Nic wanted, SiteNames names) {
    return names.network(card.getBacking()).equals(wanted.network())
        && Cards.isPlugged(card, PowerState.OFF) == wanted.connected();
  }

  private VirtualDevice card(Nic wanted, VirtualDeviceBackingInfo backing) {
    VirtualVmxnet3 card = new VirtualVmxnet3();
    card.setKey(nextKey--);
    card.setBacking(backing);
    card.setConnectable(plug(wanted.connected()));
    card.setAddressType("generated");
    card.setWakeOnLanEnabled(true);
    return card;
  }

  private static VirtualDeviceConnectInfo plug(boolean isConnected) {
    VirtualDeviceConnectInfo plug = new VirtualDeviceConnectInfo();
    plug.setStartConnected(isConnected);
    plug.setConnected(false);
    plug.setAllowGuestControl(true);
    return plug;
  }

  /**
   * Adds an empty disk, and a controller where none has room.
   *
   * @throws FaultException SHAPE_CHANGED when the VM has no room for another one
   */
  DiskSlots.Slot addDisk(long capacityBytes, DiskFormat format, String datastore) {
    DiskSlots.Slot slot = freeSlot();
    taken.add(slot.toString());
    VirtualDisk disk = new VirtualDisk();
    disk.setKey(nextKey--);
    disk.setControllerKey(controller(slot.bus()));
    disk.setUnitNumber(slot.unit());
    disk.setCapacityInBytes(capacityBytes);
    disk.setCapacityInKB(capacityBytes >> 10);
    VirtualDiskFlatVer2BackingInfo backing = new VirtualDiskFlatVer2BackingInfo();
    backing.setFileName(datastore.isEmpty() ? "" : "[" + datastore + "]");
    backing.setDiskMode(VirtualDiskMode.persistent.name());
    backing.setThinProvisioned(format == DiskFormat.THIN);
    disk.setBacking(backing);
    VirtualDeviceConfigSpec added = change(VirtualDeviceConfigSpecOperation.add, disk);
    added.setFileOperation(VirtualDeviceConfigSpecFileOperation.create);
    devices.add(added);
    return slot;
  }

  private DiskSlots.Slot freeSlot() {
    for (int bus = 0; bus < BUSES; bus++) {
      for (int unit = 0; unit < UNITS; unit++) {
        DiskSlots.Slot slot = new DiskSlots.Slot(bus, unit);
        if (unit != CONTROLLERS_OWN_UNIT && !taken.contains(slot.toString())) {
          return slot;
        }
      }
    }
    throw new FaultException(
        Fault.SHAPE_CHANGED,
        "Could not %s: a VM has room for %d SCSI disks, and all of it is taken. Take disks from production that nobody needs."
            .formatted(what, BUSES * (UNITS - 1)));
  }

  private int controller(int bus) {
    Integer there = controllers.get(bus);
    if (there != null) {
      return there;
    }
    VirtualSCSIController controller = newController();
    controller.setKey(nextKey--);
    controller.setBusNumber(bus);
    controller.setSharedBus(VirtualSCSISharing.noSharing);
    devices.add(change(VirtualDeviceConfigSpecOperation.add, controller));
    controllers.put(bus, controller.getKey());
    return controller.getKey();
  }

  /** Of production's kind, because a guest may have no driver for another one. */
  private VirtualSCSIController newController() {
    return switch (controllerKind) {
      case "VirtualLsiLogicSASController" -> new VirtualLsiLogicSASController();
      case "VirtualLsiLogicController" -> new VirtualLsiLogicController();
      case "VirtualBusLogicController" -> new VirtualBusLogicController();
      default -> new ParaVirtualSCSIController();
    };
  }

  ReplicaHardware growDisk(VirtualDisk disk, long capacityBytes) {
    disk.setCapacityInBytes(capacityBytes);
    disk.setCapacityInKB(capacityBytes >> 10);
    devices.add(change(VirtualDeviceConfigSpecOperation.edit, disk));
    return this;
  }

  /** Takes a disk away; its file goes with it unless a snapshot needs it. */
  ReplicaHardware removeDisk(VirtualDisk disk, boolean hasSnapshots) {
    VirtualDeviceConfigSpec removed = change(VirtualDeviceConfigSpecOperation.remove, disk);
    if (!hasSnapshots) {
      removed.setFileOperation(VirtualDeviceConfigSpecFileOperation.destroy);
    }
    devices.add(removed);
    return this;
  }

  private static VirtualDeviceConfigSpec change(
      VirtualDeviceConfigSpecOperation operation, VirtualDevice device) {
    VirtualDeviceConfigSpec change = new VirtualDeviceConfigSpec();
    change.setOperation(operation);
    change.setDevice(device);
    return change;
  }
}
