package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.DVPortgroupConfigSpec;
import com.vmware.vim25.DistributedVirtualSwitchPortConnection;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.ParaVirtualSCSIController;
import com.vmware.vim25.TaskInfo;
import com.vmware.vim25.TaskInfoState;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecFileOperation;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualDeviceConnectInfo;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualEthernetCardDistributedVirtualPortBackingInfo;
import com.vmware.vim25.VirtualEthernetCardNetworkBackingInfo;
import com.vmware.vim25.VirtualMachineConfigSpec;
import com.vmware.vim25.VirtualMachineFileInfo;
import com.vmware.vim25.VirtualSCSISharing;
import com.vmware.vim25.VirtualVmxnet3;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.RestClient;
import io.switchback.vsphere.soap.SoapClient;
import io.switchback.vsphere.soap.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whom the VMs of a simulated vCenter belong to: makes and changes them past the adapters. */
final class Owner implements AutoCloseable {
  private static final String DATASTORE = "LocalDS_0";

  private final Vcsim vcsim;
  private final VCenter vcenter;
  private final SoapClient client;
  private final RestClient rest;
  private final String basic;

  Owner(Vcsim vcsim) {
    this.vcsim = vcsim;
    Endpoint endpoint = Endpoint.of(vcsim.address(), new Trust.Known());
    Login login = vcsim.login();
    vcenter = new VCenter(VCenterSettings.of(vcsim.site(), endpoint, () -> login));
    try {
      client = new SoapClient(endpoint, "6.0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rest = client.rest();
    basic =
        Base64.getEncoder()
            .encodeToString(
                (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8));
  }

  VmRef make(String name, int disks, String folder) throws RemoteException {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setName(name);
    spec.setGuestId("otherGuest");
    spec.setFirmware("bios");
    spec.setNumCPUs(1);
    spec.setMemoryMB(1024L);
    VirtualMachineFileInfo files = new VirtualMachineFileInfo();
    files.setVmPathName("[%s] %s/%s.vmx".formatted(DATASTORE, name, name));
    spec.setFiles(files);
    List<VirtualDeviceConfigSpec> devices = new ArrayList<>();
    devices.add(add(controller()));
    for (int number = 0; number < disks; number++) {
      devices.add(disk("[%s] %s/disk-%d.vmdk".formatted(DATASTORE, name, number), number, 1 << 20));
    }
    spec.setDeviceChange(devices.toArray(new VirtualDeviceConfigSpec[0]));
    ManagedObjectReference pool = first("ResourcePool");
    ManagedObjectReference in = folder(folder);
    run(live -> live.vim().createVM_Task(in, spec, pool, null));
    ManagedObjectReference made =
        vcenter.read(live -> live.vim().findChild(live.content().getSearchIndex(), in, name));
    String id =
        vcenter
            .read(live -> Properties.of(live, made, "config.instanceUuid"))
            .get("config.instanceUuid", String.class);
    return new VmRef("berlin", id, name);
  }

  /** Writes a custom attribute of a VM, whatever it had. */
  void attribute(VmRef vm, String name, String value) {
    try {
      new Attribute(vcenter, name, "VirtualMachine")
          .change("test", read(vm).reference(), had -> value);
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The kinds of tasks that have not ended. */
  List<String> runningTasks() throws RemoteException {
    return vcenter
        .read(
            live ->
                Properties.of(
                    live,
                    List.of(
                        Properties.of(live, live.content().getTaskManager(), "recentTask")
                            .get(
                                "recentTask",
                                ManagedObjectReference[].class,
                                new ManagedObjectReference[0])),
                    "Task",
                    "info"))
        .stream()
        .map(row -> row.get("info", TaskInfo.class, new TaskInfo()))
        .filter(task -> task.getCompleteTime() == null)
        .map(TaskInfo::getDescriptionId)
        .toList();
  }

  private static VirtualDevice controller() {
    ParaVirtualSCSIController controller = new ParaVirtualSCSIController();
    controller.setKey(1000);
    controller.setBusNumber(0);
    controller.setSharedBus(VirtualSCSISharing.noSharing);
    return controller;
  }

  private static VirtualDeviceConfigSpec disk(String file, int number, long bytes) {
    VirtualDisk disk = new VirtualDisk();
    disk.setKey(-1 - number);
    disk.setControllerKey(1000);
    disk.setUnitNumber(number);
    disk.setCapacityInKB(bytes >> 10);
    disk.setCapacityInBytes(bytes);
    VirtualDiskFlatVer2BackingInfo backing = new VirtualDiskFlatVer2BackingInfo();
    backing.setFileName(file);
    backing.setDiskMode("persistent");
    disk.setBacking(backing);
    VirtualDeviceConfigSpec added = add(disk);
    added.setFileOperation(VirtualDeviceConfigSpecFileOperation.create);
    return added;
  }

  private static VirtualDeviceConfigSpec add(VirtualDevice device) {
    VirtualDeviceConfigSpec spec = new VirtualDeviceConfigSpec();
    spec.setOperation(VirtualDeviceConfigSpecOperation.add);
    spec.setDevice(device);
    return spec;
  }

  /** Gives the VM another disk, whose capacity its datastore has no more. */
  void addDisk(VmRef vm, long bytes) throws RemoteException {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    VirtualDisk first = Disks.of(read(vm, "config.hardware.device").row()).getFirst();
    VirtualDeviceConfigSpec disk =
        disk("[%s] %s/more.vmdk".formatted(DATASTORE, vm.name()), 9, bytes);
    disk.getDevice().setControllerKey(first.getControllerKey());
    spec.setDeviceChange(new VirtualDeviceConfigSpec[] {disk});
    reconfigure(vm, spec);
  }

  /** What the VM is made of from now on; its cards come to networks of those names. */
  void change(VmRef vm, Hardware hardware) throws RemoteException {
    for (Nic nic : hardware.nics()) {
      network(nic.network());
    }
    plug(vm, hardware);
  }

  /** The same, of networks that are there. */
  void plug(VmRef vm, Hardware hardware) throws RemoteException {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setNumCPUs(hardware.cpus());
    spec.setMemoryMB(hardware.memoryBytes() >> 20);
    spec.setFirmware(hardware.firmware().name().toLowerCase(java.util.Locale.ROOT));
    List<VirtualDeviceConfigSpec> devices = new ArrayList<>();
    for (Nic nic : hardware.nics()) {
      devices.add(add(card(nic, devices.size())));
    }
    spec.setDeviceChange(devices.toArray(new VirtualDeviceConfigSpec[0]));
    reconfigure(vm, spec);
  }

  private VirtualDevice card(Nic nic, int number) throws RemoteException {
    VirtualVmxnet3 card = new VirtualVmxnet3();
    card.setKey(-100 - number);
    card.setBacking(backing(nic.network()));
    VirtualDeviceConnectInfo plug = new VirtualDeviceConnectInfo();
    plug.setStartConnected(nic.connected());
    plug.setAllowGuestControl(true);
    card.setConnectable(plug);
    return card;
  }

  private VirtualDeviceBackingInfo backing(String network) throws RemoteException {
    Optional<ManagedObjectReference> group = portGroup(network);
    if (group.isEmpty()) {
      VirtualEthernetCardNetworkBackingInfo standard = new VirtualEthernetCardNetworkBackingInfo();
      standard.setDeviceName(network);
      return standard;
    }
    DistributedVirtualSwitchPortConnection port = new DistributedVirtualSwitchPortConnection();
    port.setPortgroupKey(group.get().getVal());
    port.setSwitchUuid(
        vcenter
            .read(live -> Properties.of(live, first("DistributedVirtualSwitch"), "uuid"))
            .get("uuid", String.class));
    VirtualEthernetCardDistributedVirtualPortBackingInfo backing =
        new VirtualEthernetCardDistributedVirtualPortBackingInfo();
    backing.setPort(port);
    return backing;
  }

  private void addPortGroup(String name) throws RemoteException {
    DVPortgroupConfigSpec spec = new DVPortgroupConfigSpec();
    spec.setName(name);
    spec.setType("earlyBinding");
    spec.setNumPorts(8);
    ManagedObjectReference dvs = first("DistributedVirtualSwitch");
    run(live -> live.vim().addDVPortgroup_Task(dvs, new DVPortgroupConfigSpec[] {spec}));
  }

  private Optional<ManagedObjectReference> portGroup(String name) throws RemoteException {
    return vcenter
        .read(live -> Properties.all(live, "DistributedVirtualPortgroup", "name"))
        .stream()
        .filter(row -> name.equals(row.get("name", String.class)))
        .findFirst()
        .map(Properties.Row::object);
  }

  /** Gives the site a network of that name. */
  void network(String name) {
    try {
      addPortGroup(name);
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Snapshots the VM, as a person with vCenter's own client does. */
  void snapshot(VmRef vm, String name) throws RemoteException {
    ManagedObjectReference reference = read(vm).reference();
    run(live -> live.vim().createSnapshot_Task(reference, name, "by its owner", false, false));
  }

  /** What all disks together take: what was written of the thin ones, all of the others. */
  long takenBytes() throws RemoteException {
    long taken = 0;
    for (Properties.Row row :
        vcenter.read(live -> Properties.all(live, "VirtualMachine", "config.hardware.device"))) {
      for (VirtualDisk disk : Disks.of(row)) {
        boolean isThin =
            Boolean.TRUE.equals(
                ((VirtualDiskFlatVer2BackingInfo) disk.getBacking()).getThinProvisioned());
        taken +=
            isThin
                ? FlatFile.allocated(FlatFile.of(vcsim.file(Disks.file(disk)))).stream()
                    .mapToLong(FlatFile.Area::lengthBytes)
                    .sum()
                : Disks.capacityBytes(disk);
      }
    }
    return taken;
  }

  void rename(VmRef vm, String name) throws RemoteException {
    ManagedObjectReference reference = read(vm).reference();
    run(live -> live.vim().rename_Task(reference, name));
  }

  void turnIntoTemplate(VmRef vm) throws RemoteException {
    ManagedObjectReference reference = read(vm).reference();
    vcenter.change(
        live -> {
          live.vim().markAsTemplate(reference);
          return reference;
        });
  }

  void reconfigure(VmRef vm, VirtualMachineConfigSpec spec) throws RemoteException {
    ManagedObjectReference reference = read(vm).reference();
    run(live -> live.vim().reconfigVM_Task(reference, spec));
  }

  Machine read(VmRef vm, String... paths) throws RemoteException {
    return Machine.read(vcenter, vm, paths);
  }

  /** Puts a tag on the VM, which is made if there is none of that name. */
  void tag(VmRef vm, String tag) throws RemoteException {
    Map<String, String> session =
        Map.of(
            "vmware-api-session-id",
            rest.post(
                    "/rest/com/vmware/cis/session", null, Map.of("Authorization", "Basic " + basic))
                .orElseThrow()
                .asString());
    String category =
        rest.post(
                "/rest/com/vmware/cis/tagging/category",
                Map.of(
                    "create_spec",
                    Map.of(
                        "name",
                        "of " + vm.name() + " " + tag,
                        "description",
                        "",
                        "cardinality",
                        "MULTIPLE",
                        "associable_types",
                        List.of())),
                session)
            .orElseThrow()
            .asString();
    String id =
        rest.post(
                "/rest/com/vmware/cis/tagging/tag",
                Map.of(
                    "create_spec", Map.of("name", tag, "description", "", "category_id", category)),
                session)
            .orElseThrow()
            .asString();
    var _ =
        rest.post(
            "/rest/com/vmware/cis/tagging/tag-association/id:" + id + "?~action=attach",
            Map.of(
                "object_id", Map.of("id", read(vm).reference().getVal(), "type", "VirtualMachine")),
            session);
    rest.delete("/rest/com/vmware/cis/session", session);
  }

  private ManagedObjectReference folder(String path) throws RemoteException {
    ManagedObjectReference here =
        vcenter.read(
            live -> live.vim().findByInventoryPath(live.content().getSearchIndex(), "/DC0/vm"));
    for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
      ManagedObjectReference above = here;
      ManagedObjectReference there =
          vcenter.read(live -> live.vim().findChild(live.content().getSearchIndex(), above, name));
      here = there == null ? vcenter.change(live -> live.vim().createFolder(above, name)) : there;
    }
    return here;
  }

  private ManagedObjectReference first(String type) throws RemoteException {
    return vcenter.read(live -> Properties.all(live, type, "name")).getFirst().object();
  }

  private void run(VCenter.Call<ManagedObjectReference> start) throws RemoteException {
    ManagedObjectReference task = vcenter.change(start);
    Properties.Row ended =
        Watch.until(
                vcenter,
                new Watch.Target(task, "info.state", "info.error"),
                Duration.ofMinutes(1),
                row ->
                    row.get("info.state", TaskInfoState.class) == TaskInfoState.success
                        || row.get("info.state", TaskInfoState.class) == TaskInfoState.error,
                () -> {})
            .orElseThrow();
    assertThat(ended.values()).doesNotContainKey("info.error");
  }

  @Override
  public void close() {
    client.close();
    vcenter.close();
  }
}
