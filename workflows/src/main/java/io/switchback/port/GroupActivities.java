package io.switchback.port;

import io.switchback.model.Pace;
import io.switchback.model.RestorePoint;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups of VMs whose restore points are of one moment, in the registry. A group's restore point is
 * one thing: it is there when every member's part is recorded, and retention lets it go as a whole.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Milliseconds.
 */
@ActivityInterface
public interface GroupActivities {
  /**
   * Makes the group of these VMs, in place of those it had; of none, ends it. Its restore points
   * stay as long as it does, and can be chosen while they have a part for each member; when it
   * ends, their parts stay as restore points of their VMs.
   *
   * <p>With a mistake nothing changes. If it is so already, answers {@code changed = false}.
   */
  GroupDefined defineGroup(DefineGroup request);

  /**
   * Begins a cycle of the group and counts its number up.
   *
   * @throws io.switchback.fault.FaultException REFUSED when there is no such group, or no longer
   */
  GroupStart beginGroupCycle(BeginGroupCycle request);

  /**
   * Records the group's restore point, if every member's part is recorded and all parts were taken
   * by this cycle; otherwise remembers why there is none. Lets the group's older points go, as the
   * most generous policy among its members says: never the newest, never one of which a part is in
   * use or the newest of its replica.
   *
   * <p>If it is recorded already, answers the same.
   */
  GroupEnd completeGroupCycle(CompleteGroupCycle request);

  /** Asks for a group of the VMs of these names. */
  record DefineGroup(String group, List<String> vms, String by) {
    public DefineGroup {
      vms = List.copyOf(vms);
    }
  }

  /**
   * What became of it; the group is as it was when there are mistakes.
   *
   * @param left who is not in the group any more
   * @param pace of the most patient site to which one of them all is replicated
   */
  record GroupDefined(
      List<GroupMember> members,
      List<GroupMember> left,
      List<String> mistakes,
      boolean changed,
      Pace pace,
      int attempt) {
    public GroupDefined {
      pace = pace == null ? Pace.DEFAULT : pace;
      members = List.copyOf(members);
      left = List.copyOf(left);
      mistakes = List.copyOf(mistakes);
    }
  }

  /** A member; its name is for people. */
  record GroupMember(String replicaId, String vm) {}

  /** Asks to begin a cycle. */
  record BeginGroupCycle(String group) {}

  /**
   * A cycle of a group.
   *
   * @param interval from the start of one cycle to the start of the next: the shortest among the
   *     members' policies
   * @param pace of the most patient site to which a member is replicated: the group's point is
   *     there when the last part is
   */
  record GroupStart(
      long number, List<GroupMember> members, Duration interval, Pace pace, int attempt) {
    public GroupStart {
      pace = pace == null ? Pace.DEFAULT : pace;
      members = List.copyOf(members);
    }
  }

  /**
   * Asks to record the group's point.
   *
   * @param number of the group's cycle
   * @param parts that were made by it
   * @param missing why members have none, a sentence each
   */
  record CompleteGroupCycle(String group, long number, List<Part> parts, List<String> missing) {
    public CompleteGroupCycle {
      parts = List.copyOf(parts);
      missing = List.copyOf(missing);
    }
  }

  /** A member's part: the restore point of one of its replica's cycles. */
  record Part(String replicaId, RestorePoint point) {}

  /**
   * How a group's cycle ended.
   *
   * @param point null when there is none
   * @param reason why there is none; empty otherwise
   */
  record GroupEnd(@Nullable GroupPoint point, String reason, int attempt) {}

  /** A restore point of a group, taken of all its members at one moment. */
  record GroupPoint(String id, Instant takenAt) {}
}
