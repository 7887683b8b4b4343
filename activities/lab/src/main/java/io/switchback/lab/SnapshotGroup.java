package io.switchback.lab;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of several VMs at one moment: while all their locks are held, no guest and no transfer
 * writes to any of them.
 */
final class SnapshotGroup {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotGroup.class);

  private record Member(GroupMember asked, LabVm vm) {}

  private final List<Member> members = new ArrayList<>();

  /**
   * @throws LabException NO_SUCH_VM, or BAD_REQUEST when a VM is named twice
   */
  SnapshotGroup(LabSite site, List<GroupMember> asked) {
    Set<String> ids = new HashSet<>();
    for (GroupMember one : asked) {
      LabVm vm = site.find(one.vm());
      if (!ids.add(vm.store().id())) {
        throw new LabException(
            LabFault.BAD_REQUEST, "VM '%s' is named twice in the group.".formatted(one.vm()));
      }
      members.add(new Member(one, vm));
    }
    if (asked.isEmpty()) {
      throw new LabException(LabFault.BAD_REQUEST, "A group snapshot needs at least one VM.");
    }
  }

  /**
   * Takes all snapshots or none.
   *
   * @return in the order in which the members were named
   */
  List<SnapshotView> take(boolean quiesce) throws IOException {
    Map<Member, GuestPause> pauses = new LinkedHashMap<>();
    try {
      for (Member member : inOrder()) {
        pauses.put(member, member.vm().pause(quiesce));
      }
      return takeLocked(pauses);
    } finally {
      pauses.values().forEach(GuestPause::close);
    }
  }

  // Always by id, so that two groups with members in common cannot wait for each other.
  private List<Member> inOrder() {
    return members.stream()
        .sorted(Comparator.comparing(member -> member.vm().store().id()))
        .toList();
  }

  private List<SnapshotView> takeLocked(Map<Member, GuestPause> pauses) throws IOException {
    Map<Member, SnapshotView> taken = new LinkedHashMap<>();
    List<Member> locked = new ArrayList<>();
    boolean isWhole = false;
    try {
      for (Member member : inOrder()) {
        member.vm().store().lock().lock();
        locked.add(member);
      }
      for (Member member : locked) {
        member.vm().store().admit(member.asked().stamp());
      }
      Instant takenAt = Instant.now();
      for (Member member : locked) {
        GuestPause pause = pauses.getOrDefault(member, GuestPause.NONE);
        GroupMember asked = member.asked();
        taken.put(member, member.vm().snapshotNow(asked.name(), takenAt, pause, asked.stamp()));
      }
      isWhole = true;
      return members.stream().map(taken::get).toList();
    } finally {
      locked.reversed().forEach(member -> member.vm().store().lock().unlock());
      if (!isWhole) {
        taken.forEach(SnapshotGroup::takeBack);
      }
    }
  }

  private static void takeBack(Member member, SnapshotView snapshot) {
    try {
      member.vm().removeSnapshot(snapshot.id(), member.asked().stamp());
    } catch (IOException | LabException e) {
      LOG.warn(
          "snapshot of a group that failed is left behind vm={} snapshot={}",
          member.asked().vm(),
          snapshot.id(),
          e);
    }
  }
}
