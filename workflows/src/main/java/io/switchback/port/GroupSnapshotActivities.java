package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.Mistakes;
import io.switchback.model.VmRef;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/**
 * Snapshots of several VMs of one site at one moment, where the site's platform can promise that;
 * vSphere cannot. They are snapshots as those of {@link SnapshotActivities}, which lists, reverts
 * and removes them.
 *
 * <p>SITE_UNREACHABLE (retried), VM_NOT_FOUND.
 */
@ActivityInterface
public interface GroupSnapshotActivities {

  /**
   * Snapshots all disks of several VMs at one moment: what one of them has seen of another is in
   * both snapshots or in neither. All of them or none.
   *
   * <p>If every VM has a snapshot of its name already, answers them and makes none; what an earlier
   * attempt has made of some of them alone goes first. Quiesced as with {@link
   * SnapshotActivities#createSnapshot}; a VM whose guest cannot be quiesced says so for itself.
   * Seconds; heartbeats.
   *
   * @throws io.switchback.fault.FaultException FENCED, and nothing made, when the site has seen a
   *     higher fence for one of the VMs; INVALID_INPUT when the VMs are not of one site
   */
  GroupSnapshot createGroupSnapshot(CreateGroupSnapshot request);

  /** Asks for a snapshot of each VM, all at one moment; {@code group} is for people. */
  record CreateGroupSnapshot(String group, List<GroupMember> members, boolean quiesced) {
    public CreateGroupSnapshot {
      members = List.copyOf(members);
      new Mistakes()
          .unless(!members.isEmpty(), "a group snapshot is of at least one VM")
          .refuse("group snapshot");
    }
  }

  /** A VM of a group, and the name that its snapshot shall have. */
  record GroupMember(Mandate mandate, VmRef vm, String name) {}

  /** The snapshots of a group, in the order in which its members were asked for. */
  record GroupSnapshot(List<Snapshot> snapshots, int attempt) {
    public GroupSnapshot {
      snapshots = List.copyOf(snapshots);
    }
  }
}
