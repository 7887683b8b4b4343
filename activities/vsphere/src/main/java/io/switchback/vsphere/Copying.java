package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualMachineCloneSpec;
import com.vmware.vim25.VirtualMachineConfigSpec;
import com.vmware.vim25.VirtualMachineRelocateDiskMoveOptions;
import com.vmware.vim25.VirtualMachineRelocateSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities.CopyVm;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One attempt to make a copy of a VM as it was at a snapshot. */
final class Copying {
  /** Of our settings in a VM's {@code extraConfig}. */
  private static final String OURS = "switchback.";

  /** By which a replica's VM is known. */
  private static final List<String> OF_REPLICAS = List.of(Replicas.KEY, DiskSlots.KEY);

  private static final String SETTINGS = "config.extraConfig";
  private static final String DEVICES = "config.hardware.device";

  private final String what;
  private final VCenter vcenter;
  private final CopyVm request;
  private final Fence mine;

  /**
   * @param mine the fence that this attempt carries
   */
  Copying(String what, VCenter vcenter, CopyVm request, Fence mine) {
    this.what = what;
    this.vcenter = vcenter;
    this.request = request;
    this.mine = mine;
  }

  /**
   * @param listed read just before; none of them is the copy
   */
  VmRef run(VmList listed) throws RemoteException {
    refuseLate();
    Machine source = Machine.read(vcenter, request.of(), SnapshotTree.PATH, SETTINGS);
    ManagedObjectReference snapshot = snapshot(source);
    if (!listed.called(request.name()).isEmpty()) {
      throw nameTaken(null);
    }
    Standing standing = Standing.of(what, vcenter, request.placement());
    HostDrillNetworks networks = HostDrillNetworks.read(vcenter, standing.host());
    request.nics().forEach(nic -> networks.refuseUnlessIsolated(what, nic.network()));
    VirtualMachineCloneSpec spec = spec(source, snapshot, standing);
    if (request.linked()) {
      hold(source, snapshot);
    }
    return make(source, standing, spec);
  }

  private void refuseLate() throws RemoteException {
    GivenUp.ofDrills(vcenter).refuseLower(what, request.copyId(), mine);
  }

  private void hold(Machine source, ManagedObjectReference snapshot) throws RemoteException {
    new LinkedCopies(vcenter).hold(what, source, snapshot, request.copyId());
    // It may have been removed before that was recorded.
    var _ = snapshot(Machine.read(vcenter, request.of(), SnapshotTree.PATH));
  }

  /**
   * Does what is left once the copy is there, at each attempt: our fence, and nothing by which the
   * replica is known, where a vCenter took it over all the same. The snapshot is held once more: of
   * two that record theirs at the same moment one may be lost.
   */
  void finish(VmRef copy) throws RemoteException {
    Machine made =
        Fences.change(what, vcenter, copy, request.mandate(), Copying::cleaned, SETTINGS).machine();
    if (LinkedCopies.isLinked(made.row())) {
      Machine source = Machine.read(vcenter, request.of(), SnapshotTree.PATH);
      hold(source, snapshot(source));
    }
  }

  private static Optional<VirtualMachineConfigSpec> cleaned(Machine copy) {
    OptionValue[] inherited =
        OF_REPLICAS.stream()
            .filter(key -> !Machine.setting(copy.row(), key).isEmpty())
            .map(key -> Fences.setting(key, ""))
            .toArray(OptionValue[]::new);
    if (inherited.length == 0) {
      return Optional.empty();
    }
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setExtraConfig(inherited);
    return Optional.of(spec);
  }

  private ManagedObjectReference snapshot(Machine source) {
    return SnapshotTree.of(source.row())
        .find(request.snapshot())
        .map(SnapshotTree.Node::reference)
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.RESTORE_POINT_NOT_FOUND,
                    "Could not %s: there is no such snapshot. Choose another restore point."
                        .formatted(what)));
  }

  private VmRef make(Machine source, Standing standing, VirtualMachineCloneSpec spec)
      throws RemoteException {
    NewVm made =
        new NewVm(
            what, vcenter, () -> VmList.read(vcenter).copy(request.copyId()), this::refuseLate);
    return made.keep(
        made.make(
            standing.host(),
            source.reference(),
            TaskKind.CLONE,
            LinkedCopies.uuid(request.copyId()),
            live ->
                live.vim()
                    .cloneVM_Task(source.reference(), standing.folder(), request.name(), spec),
            this::nameTaken),
        mine);
  }

  private FaultException nameTaken(@Nullable Exception cause) {
    return new FaultException(
        Fault.INVALID_INPUT,
        "Could not %s: another VM has that name. Rename that one, or give another name."
            .formatted(what),
        cause);
  }

  private VirtualMachineCloneSpec spec(
      Machine source, ManagedObjectReference snapshot, Standing standing) throws RemoteException {
    VirtualMachineRelocateSpec location = new VirtualMachineRelocateSpec();
    location.setHost(standing.host());
    location.setPool(standing.pool());
    location.setDatastore(standing.store().getDatastore());
    location.setDiskMoveType(
        (request.linked()
                ? VirtualMachineRelocateDiskMoveOptions.createNewChildDiskBacking
                : VirtualMachineRelocateDiskMoveOptions.moveAllDiskBackingsAndDisallowSharing)
            .name());
    VirtualMachineCloneSpec spec = new VirtualMachineCloneSpec();
    spec.setLocation(location);
    spec.setSnapshot(snapshot);
    spec.setTemplate(false);
    spec.setPowerOn(false);
    // Of the snapshot, because the copy begins with its devices and settings.
    Properties.Row then = vcenter.read(live -> Properties.of(live, snapshot, DEVICES, SETTINGS));
    spec.setConfig(config(source, then));
    return spec;
  }

  private VirtualMachineConfigSpec config(Machine source, Properties.Row then) {
    ReplicaHardware hardware = new ReplicaHardware(what, then).drillCards(request.nics());
    VirtualMachineConfigSpec config = hardware.spec();
    config.setInstanceUuid(LinkedCopies.uuid(request.copyId()));
    config.setExtraConfig(settings(source, then).toArray(OptionValue[]::new));
    return config;
  }

  /**
   * A copy has every setting of what it is a copy of: whose replica it is, and under which fence.
   */
  private List<OptionValue> settings(Machine source, Properties.Row then) {
    Map<String, String> settings = new TreeMap<>();
    for (Properties.Row row : List.of(source.row(), then)) {
      Machine.settings(row, OURS).keySet().forEach(key -> settings.put(OURS + key, ""));
    }
    settings.put(LinkedCopies.KEY, request.copyId());
    settings.put(Fences.KEY, mine.toString());
    settings.put(LinkedCopies.LINKED, request.linked() ? source.vm().id() : "");
    List<OptionValue> options = new ArrayList<>();
    settings.forEach((key, value) -> options.add(Fences.setting(key, value)));
    return options;
  }
}
