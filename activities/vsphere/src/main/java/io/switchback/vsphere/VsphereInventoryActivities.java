package io.switchback.vsphere;

import com.vmware.vim25.GuestNicInfo;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualEthernetCard;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskShape;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.InventoryActivities;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What VMs a vCenter has. */
public final class VsphereInventoryActivities implements InventoryActivities {
  private static final Logger LOG = LoggerFactory.getLogger(VsphereInventoryActivities.class);

  static final String[] PROFILE = {
    "name",
    "parent",
    "config.instanceUuid",
    "config.template",
    "config.firmware",
    "config.guestId",
    "config.extraConfig",
    "config.hardware.numCPU",
    "config.hardware.memoryMB",
    "config.hardware.device",
    "config.files.vmPathName",
    "runtime.powerState",
    "runtime.host",
    "guest.net"
  };

  /** What decides which VMs are meant. */
  private static final String[] CHOICE = {
    "name", "parent", "config.instanceUuid", "config.template", "config.extraConfig"
  };

  private final VCenters vcenters;

  public VsphereInventoryActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public Inventory findVms(FindVms request) {
    String what = "list the VMs of site '%s'".formatted(request.site());
    return VsphereFaults.translated(
        what, () -> RunningActivity.alive(what, () -> find(vcenters.at(request.site()), request)));
  }

  // A VM's devices are most of what there is to read: they are read of those that are answered.
  private static Inventory find(VCenter vcenter, FindVms request) throws RemoteException {
    List<Properties.Row> rows =
        vcenter.read(live -> Properties.all(live, "VirtualMachine", CHOICE)).stream()
            .filter(VsphereInventoryActivities::isVm)
            .toList();
    SiteNames names = SiteNames.read(vcenter);
    List<ManagedObjectReference> asked =
        rows.stream()
            .filter(row -> isAsked(row, request))
            .filter(
                row ->
                    isIn(
                        names.path(row.get("parent", ManagedObjectReference.class)),
                        request.folder()))
            .sorted(Comparator.comparing(VsphereInventoryActivities::name))
            .map(Properties.Row::object)
            .toList();
    Map<String, List<String>> tags = vcenter.tags().of(asked);
    List<ManagedObjectReference> found =
        asked.stream()
            .filter(vm -> request.tag().isEmpty() || tagsOf(vm, tags).contains(request.tag()))
            .toList();
    List<VmProfile> profiles =
        profiles(vcenter, found.subList(0, Math.min(MOST, found.size()))).stream()
            .map(row -> profile(vcenter.site(), row, names, tagsOf(row.object(), tags)))
            .sorted(Comparator.comparing(profile -> profile.vm().name()))
            .toList();
    List<String> missing =
        request.names().stream()
            .filter(name -> rows.stream().noneMatch(row -> isCalled(row, name)))
            .toList();
    return new Inventory(profiles, missing, found.size() > MOST);
  }

  /** One that is deleted meanwhile makes vCenter refuse them all: the activity is tried again. */
  private static List<Properties.Row> profiles(VCenter vcenter, List<ManagedObjectReference> vms)
      throws RemoteException {
    return vcenter.read(live -> Properties.of(live, vms, "VirtualMachine", PROFILE));
  }

  private static List<String> tagsOf(ManagedObjectReference vm, Map<String, List<String>> tags) {
    return tags.getOrDefault(vm.getVal(), List.of());
  }

  /** Templates cannot run, and of a VM whose host is gone nothing is known. */
  private static boolean isVm(Properties.Row row) {
    boolean isKnown = row.get("config.instanceUuid", String.class) != null;
    if (!isKnown) {
      LOG.warn(
          "left out a VM whose configuration vCenter cannot read name={} id={}",
          row.get("name", String.class),
          row.object().getVal());
    }
    return isKnown && !row.get("config.template", Boolean.class, false);
  }

  private static boolean isAsked(Properties.Row row, FindVms request) {
    return request.names().isEmpty()
        ? Replicas.idOf(row).isEmpty() && LinkedCopies.idOf(row).isEmpty()
        : request.names().stream().anyMatch(name -> isCalled(row, name));
  }

  private static boolean isCalled(Properties.Row row, String name) {
    return name.equals(name(row)) || name.equals(row.get("config.instanceUuid", String.class));
  }

  private static boolean isIn(String folder, String wanted) {
    return wanted.isEmpty() || folder.equals(wanted) || folder.startsWith(wanted + "/");
  }

  private static String name(Properties.Row row) {
    return SiteNames.decoded(row.get("name", String.class, row.object().getVal()));
  }

  @Override
  public VmProfile describeVm(DescribeVm request) {
    VmRef vm = request.vm();
    String what = "describe " + vm;
    return VsphereFaults.translated(
        what,
        () ->
            RunningActivity.alive(
                what,
                () -> {
                  VCenter vcenter = vcenters.of(vm);
                  Properties.Row row = Machine.read(vcenter, vm, PROFILE).row();
                  Map<String, List<String>> tags = vcenter.tags().of(List.of(row.object()));
                  return profile(
                      vm.site(),
                      row,
                      SiteNames.read(vcenter),
                      tags.getOrDefault(row.object().getVal(), List.of()));
                }));
  }

  static VmProfile profile(String site, Properties.Row row, SiteNames names, List<String> tags) {
    VmRef vm = new VmRef(site, row.get("config.instanceUuid", String.class, ""), name(row));
    ManagedObjectReference host = row.get("runtime.host", ManagedObjectReference.class);
    return new VmProfile(
        vm,
        Machine.power(row),
        new Hardware(
            row.get("config.hardware.numCPU", Integer.class, 1),
            (long) row.get("config.hardware.memoryMB", Integer.class, 1) << 20,
            "efi".equals(row.get("config.firmware", String.class)) ? Firmware.EFI : Firmware.BIOS,
            Cards.of(row).stream().map(card -> nic(card, row, names)).toList(),
            ReplicaHardware.details(row)),
        Disks.of(row).stream()
            .map(disk -> shape(vm, Disks.id(row, disk), Disks.capacityBytes(disk)))
            .toList(),
        new Placement(
            host == null ? "" : names.of(host),
            Disks.datastore(row),
            names.path(row.get("parent", ManagedObjectReference.class))),
        tags);
  }

  private static DiskShape shape(VmRef vm, String disk, long capacityBytes) {
    if (capacityBytes <= 0) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not describe %s: vCenter does not tell the capacity of its disk %s. Look at the disk's datastore."
              .formatted(vm, disk));
    }
    return new DiskShape(disk, capacityBytes);
  }

  private static Nic nic(VirtualEthernetCard card, Properties.Row row, SiteNames names) {
    GuestNicInfo[] guest = row.get("guest.net", GuestNicInfo[].class, new GuestNicInfo[0]);
    return new Nic(
        names.network(card.getBacking()),
        Cards.isPlugged(card, Machine.power(row)),
        Arrays.stream(guest)
            .filter(one -> one.getDeviceConfigId() == card.getKey())
            .map(GuestNicInfo::getIpAddress)
            .filter(Objects::nonNull)
            .flatMap(Arrays::stream)
            .filter(address -> !GuestAddresses.isOfTheLink(address))
            .toList());
  }
}
