package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities.Copy;
import java.rmi.RemoteException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The VMs of a vCenter that can run, read at one moment: by name, by id, and by whose they are. */
final class VmList {
  private static final String[] NEEDED = {
    "name", "config.instanceUuid", "config.template", "config.extraConfig"
  };

  private final String site;
  private final List<Properties.Row> rows;

  private VmList(String site, List<Properties.Row> rows) {
    this.site = site;
    this.rows = rows;
  }

  static VmList read(VCenter vcenter) throws RemoteException {
    return new VmList(
        vcenter.site(),
        vcenter.read(live -> Properties.all(live, "VirtualMachine", NEEDED)).stream()
            .filter(row -> row.get("config.instanceUuid", String.class) != null)
            .filter(row -> !row.get("config.template", Boolean.class, false))
            .toList());
  }

  /** The VM that is marked as the replica's. */
  Optional<VmRef> ofReplica(String replicaId) {
    return rows.stream()
        .filter(row -> Replicas.idOf(row).equals(replicaId))
        .findFirst()
        .map(this::ref);
  }

  /** The VM that was made as the copy of that id. */
  Optional<VmRef> copy(String copyId) {
    return withId(LinkedCopies.uuid(copyId));
  }

  /** Every copy; a clone that somebody made of one has its mark, and is none. */
  List<Copy> copies() {
    return rows.stream()
        .filter(row -> withId(row, LinkedCopies.uuid(LinkedCopies.idOf(row))))
        .map(row -> new Copy(LinkedCopies.idOf(row), ref(row)))
        .sorted(Comparator.comparing(copy -> copy.vm().name()))
        .toList();
  }

  Optional<VmRef> withId(String id) {
    return rows.stream().filter(row -> withId(row, id)).findFirst().map(this::ref);
  }

  private static boolean withId(Properties.Row row, String id) {
    return id.equals(row.get("config.instanceUuid", String.class));
  }

  /** By name, which is not unique, or by instance uuid. */
  List<VmRef> called(String nameOrId) {
    return rows.stream()
        .map(this::ref)
        .filter(vm -> nameOrId.equals(vm.name()) || nameOrId.equals(vm.id()))
        .toList();
  }

  private VmRef ref(Properties.Row row) {
    return ref(site, row);
  }

  static VmRef ref(VCenter vcenter, ManagedObjectReference vm) throws RemoteException {
    return ref(
        vcenter.site(),
        vcenter.read(live -> Properties.of(live, vm, "name", "config.instanceUuid")));
  }

  /** A VM whose name and instance uuid were read. */
  static VmRef ref(String site, Properties.Row row) {
    return new VmRef(
        site,
        row.get("config.instanceUuid", String.class, ""),
        SiteNames.decoded(row.get("name", String.class, row.object().getVal())));
  }
}
