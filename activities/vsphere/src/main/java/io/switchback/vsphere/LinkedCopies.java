package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Linked copies of VMs, and what they stand on. vSphere lets a linked copy share the files of a
 * snapshot and removes that snapshot all the same. So the snapshot's VM tells, in an attribute that
 * no revert brings back, which copies share files with which of its snapshots: recorded before a
 * copy is made, and forgotten after it was removed.
 */
final class LinkedCopies {
  /** Of a copy's {@code extraConfig}: its id. */
  static final String KEY = "switchback.copy";

  /** Of a linked one's: the instance uuid of the VM that it shares files with. */
  static final String LINKED = "switchback.copy-linked-to";

  /** The attribute's name, for people as well. */
  static final String ATTRIBUTE = "switchback.linked-copies";

  private final VCenter vcenter;
  private final Attribute attribute;

  LinkedCopies(VCenter vcenter) {
    this.vcenter = vcenter;
    this.attribute = new Attribute(vcenter, ATTRIBUTE, "VirtualMachine");
  }

  /** Id of the copy that a VM is; empty when it is none. */
  static String idOf(Properties.Row row) {
    return Machine.setting(row, KEY);
  }

  static boolean isLinked(Properties.Row row) {
    return !Machine.setting(row, LINKED).isEmpty();
  }

  /**
   * Records that a copy shares the files of a snapshot.
   *
   * @throws FaultException REFUSED when there is no room for one more
   */
  void hold(String what, Machine vm, ManagedObjectReference snapshot, String copyId)
      throws RemoteException {
    String mine = entry(snapshot.getVal(), copyId);
    attribute.change(
        what,
        vm.reference(),
        recorded -> {
          List<String> entries = entries(recorded);
          if (entries.contains(mine)) {
            return recorded;
          }
          entries.add(mine);
          String text = String.join(" ", entries);
          if (text.length() > Attribute.MOST) {
            throw new FaultException(
                Fault.REFUSED,
                "Could not %s: %d linked copies of '%s' are there already. End a drill, or copy whole disks."
                    .formatted(what, entries.size() - 1, vm.vm().name()));
          }
          return text;
        });
  }

  /** Forgets the copy, whichever snapshot it stood on. */
  void release(String what, Machine vm, String copyId) throws RemoteException {
    String mine = mark(copyId);
    if (entries(attribute.of(vm.row())).stream().anyMatch(isOf(mine))) {
      attribute.change(
          what,
          vm.reference(),
          recorded -> {
            List<String> entries = entries(recorded);
            entries.removeIf(isOf(mine));
            return String.join(" ", entries);
          });
    }
  }

  private static Predicate<String> isOf(String mark) {
    return entry -> entry.endsWith(":" + mark);
  }

  /**
   * Refuses to take a snapshot away from copies, as they are recorded now. A removal merges files
   * into older ones, so it is refused as well while they share a later snapshot that stands on this
   * one.
   *
   * @throws FaultException DISK_IN_USE
   */
  void refuseIfShared(String what, VmRef vm, ManagedObjectReference snapshot)
      throws RemoteException {
    Machine now = Machine.read(vcenter, vm, Attribute.PATH, SnapshotTree.PATH);
    Set<String> merged = SnapshotTree.of(now.row()).standingOn(snapshot.getVal());
    refuse(what, now, entry -> merged.contains(entry.substring(0, entry.indexOf(':'))));
  }

  /** The same of all its snapshots. */
  void refuseIfShared(String what, VmRef vm) throws RemoteException {
    refuse(what, Machine.read(vcenter, vm, Attribute.PATH), entry -> true);
  }

  private void refuse(String what, Machine vm, Predicate<String> which) throws RemoteException {
    List<String> marks =
        entries(attribute.of(vm.row())).stream()
            .filter(which)
            .map(entry -> entry.substring(entry.indexOf(':') + 1))
            .toList();
    if (!marks.isEmpty()) {
      throw new FaultException(
          Fault.DISK_IN_USE,
          "Could not %s: linked copies share its files (%s). It is tried again until their drills have ended."
              .formatted(what, String.join(", ", names(marks))));
    }
  }

  private List<String> names(List<String> marks) throws RemoteException {
    Map<String, String> known = new HashMap<>();
    VmList.read(vcenter).copies().forEach(copy -> known.put(mark(copy.copyId()), copy.vm().name()));
    return marks.stream()
        .map(
            mark ->
                known.getOrDefault(
                    mark, "one that is not there, %s in '%s'".formatted(mark, ATTRIBUTE)))
        .toList();
  }

  private static List<String> entries(String recorded) {
    return new ArrayList<>(
        Arrays.stream(recorded.split(" ")).filter(entry -> entry.contains(":")).toList());
  }

  private static String entry(String snapshot, String copyId) {
    return snapshot + ":" + mark(copyId);
  }

  /** Ids are longer than there is room for. */
  private static String mark(String copyId) {
    return uuid(copyId).substring(0, 8);
  }

  /** The instance uuid of a copy that is made, by which a later attempt finds it. */
  static String uuid(String copyId) {
    return UUID.nameUUIDFromBytes(("switchback copy " + copyId).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
