package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualMachineSnapshotInfo;
import com.vmware.vim25.VirtualMachineSnapshotTree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A VM's snapshots.
 *
 * @param nodes the oldest first
 * @param currentId vCenter's id of the snapshot that the disks stand on; empty when there is none
 */
record SnapshotTree(List<Node> nodes, String currentId) {
  /** Of a VM: what {@link #of} reads. */
  static final String PATH = "snapshot";

  SnapshotTree {
    nodes = List.copyOf(nodes);
  }

  /**
   * A snapshot.
   *
   * @param parentId of the snapshot that it stands on; empty when it stands on none
   * @param number counts up for each snapshot of the VM
   * @param isQuiesced as vCenter was asked
   */
  record Node(
      ManagedObjectReference reference,
      String parentId,
      String name,
      String description,
      Instant takenAt,
      int number,
      boolean isQuiesced) {
    String id() {
      return reference.getVal();
    }
  }

  /** As they were read. */
  static SnapshotTree of(Properties.Row row) {
    VirtualMachineSnapshotInfo snapshots = row.get(PATH, VirtualMachineSnapshotInfo.class);
    if (snapshots == null) {
      return new SnapshotTree(List.of(), "");
    }
    List<Node> nodes = new ArrayList<>();
    collect("", snapshots.getRootSnapshotList(), nodes);
    nodes.sort(Comparator.comparing(Node::takenAt).thenComparingInt(Node::number));
    ManagedObjectReference current = snapshots.getCurrentSnapshot();
    return new SnapshotTree(nodes, current == null ? "" : current.getVal());
  }

  private static void collect(
      String parentId, VirtualMachineSnapshotTree @Nullable [] trees, List<Node> nodes) {
    if (trees == null) {
      return;
    }
    for (VirtualMachineSnapshotTree tree : trees) {
      nodes.add(node(parentId, tree));
      collect(tree.getSnapshot().getVal(), tree.getChildSnapshotList(), nodes);
    }
  }

  @SuppressWarnings("NullAway") // very old snapshots have no number
  private static Node node(String parentId, VirtualMachineSnapshotTree tree) {
    return new Node(
        tree.getSnapshot(),
        parentId,
        tree.getName(),
        tree.getDescription() == null ? "" : tree.getDescription(),
        tree.getCreateTime().toInstant(),
        tree.getId() == null ? 0 : tree.getId(),
        tree.isQuiesced());
  }

  /** The oldest snapshot of that name. */
  Optional<Node> find(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** What the disks stand on; empty when they stand on no snapshot. */
  Optional<Node> current() {
    return nodes.stream().filter(node -> node.id().equals(currentId)).findFirst();
  }

  /** Ids of a snapshot and of all that stand on it, whose files are merged when it is removed. */
  Set<String> standingOn(String id) {
    Set<String> found = new HashSet<>(Set.of(id));
    for (boolean isMore = true; isMore; ) {
      isMore =
          found.addAll(
              nodes.stream()
                  .filter(node -> found.contains(node.parentId()))
                  .map(Node::id)
                  .toList());
    }
    return found;
  }

  List<String> names() {
    return nodes.stream().map(Node::name).toList();
  }
}
