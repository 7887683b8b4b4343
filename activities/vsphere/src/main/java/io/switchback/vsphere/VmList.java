package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.SiteFinding;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities.Copy;
import java.rmi.RemoteException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The VMs of a vCenter that can run, read at one moment: by name, by id, and by whose they are.
 *
 * <p>Of a VM whose host or datastore is away vCenter may know the name alone. Then nobody can tell
 * that a VM is not there, for it may be that one.
 */
final class VmList {
  private static final String IS_TEMPLATE = "config.template";

  /** As vCenter remembers it, where it cannot read the configuration. */
  private static final String WAS_TEMPLATE = "summary.config.template";

  private static final String HAD_UUID = "summary.config.instanceUuid";

  private static final String[] NEEDED = {
    "name", "config.instanceUuid", IS_TEMPLATE, WAS_TEMPLATE, HAD_UUID, "config.extraConfig"
  };

  private final String site;
  private final List<Properties.Row> rows;
  private final List<Properties.Row> unreadable;

  private VmList(String site, List<Properties.Row> all) {
    this.site = site;
    this.rows =
        all.stream()
            .filter(VmList::isReadable)
            .filter(row -> !row.get(IS_TEMPLATE, Boolean.class, false))
            .toList();
    this.unreadable =
        all.stream()
            .filter(row -> !isReadable(row))
            .filter(row -> !row.get(WAS_TEMPLATE, Boolean.class, false))
            .toList();
  }

  static VmList read(VCenter vcenter) throws RemoteException {
    return new VmList(
        vcenter.site(), vcenter.read(live -> Properties.all(live, "VirtualMachine", NEEDED)));
  }

  private static boolean isReadable(Properties.Row row) {
    return row.get("config.instanceUuid", String.class) != null;
  }

  /**
   * The VM that is marked as the replica's.
   *
   * @throws FaultException SITE_UNREACHABLE when it is not known whether there is one
   */
  Optional<VmRef> ofReplica(String replicaId) {
    return known("the VM of replica '%s'".formatted(replicaId), marked(replicaId), any -> true);
  }

  /**
   * The VM that was the replica's when it was last seen; else the one that is marked so, and else
   * one that is called so.
   *
   * @throws FaultException SITE_UNREACHABLE when it is not known whether there is one
   */
  Optional<VmRef> ofReplica(String replicaId, VmRef lastSeen) {
    return known(
        "VM '%s'".formatted(lastSeen.name()),
        identified(lastSeen.id())
            .or(() -> marked(replicaId))
            .or(() -> called(lastSeen.id()).stream().findFirst()),
        any -> true);
  }

  private Optional<VmRef> marked(String replicaId) {
    return rows.stream()
        .filter(row -> Replicas.idOf(row).equals(replicaId))
        .findFirst()
        .map(this::ref);
  }

  /**
   * The VM that was made as the copy of that id.
   *
   * @throws FaultException SITE_UNREACHABLE when it is not known whether there is one
   */
  Optional<VmRef> copy(String copyId) {
    String id = LinkedCopies.uuid(copyId);
    return known("copy '%s'".formatted(copyId), identified(id), row -> maybe(row, id));
  }

  private Optional<VmRef> known(
      String sought, Optional<VmRef> found, Predicate<Properties.Row> maybe) {
    List<String> names = unreadable.stream().filter(maybe).map(VmList::name).sorted().toList();
    if (found.isEmpty() && !names.isEmpty()) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not tell whether site '%s' has %s: vCenter cannot read the configuration of %s. Look at their hosts and datastores in the vSphere Client; take VMs that are lost for good out of its inventory."
              .formatted(site, sought, SiteFinding.some(names)));
    }
    return found;
  }

  /** Every copy; a clone that somebody made of one has its mark, and is none. */
  List<Copy> copies() {
    return rows.stream()
        .filter(row -> withId(row, LinkedCopies.uuid(LinkedCopies.idOf(row))))
        .map(row -> new Copy(LinkedCopies.idOf(row), ref(row)))
        .sorted(Comparator.comparing(copy -> copy.vm().name()))
        .toList();
  }

  /**
   * The VM of that instance uuid.
   *
   * @throws FaultException SITE_UNREACHABLE when it is not known whether there is one
   */
  Optional<VmRef> withId(String id) {
    return known("VM '%s'".formatted(id), identified(id), row -> maybe(row, id));
  }

  /** Whether one that cannot be read may have that instance uuid. */
  private static boolean maybe(Properties.Row row, String id) {
    return row.get(HAD_UUID, String.class, id).equals(id);
  }

  private Optional<VmRef> identified(String id) {
    return rows.stream().filter(row -> withId(row, id)).findFirst().map(this::ref);
  }

  private static boolean withId(Properties.Row row, String id) {
    return id.equals(row.get("config.instanceUuid", String.class));
  }

  /** By name, which is not unique, or by instance uuid; of those that can be read. */
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
    return new VmRef(site, row.get("config.instanceUuid", String.class, ""), name(row));
  }

  private static String name(Properties.Row row) {
    return SiteNames.decoded(row.get("name", String.class, row.object().getVal()));
  }
}
