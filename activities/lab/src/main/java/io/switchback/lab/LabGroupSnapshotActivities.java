package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.GroupSnapshotActivities;
import java.util.List;
import java.util.Optional;

/** Snapshots of several lab VMs, taken while all their locks are held. */
public final class LabGroupSnapshotActivities implements GroupSnapshotActivities {
  private final LabSites sites;

  public LabGroupSnapshotActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public GroupSnapshot createGroupSnapshot(CreateGroupSnapshot request) {
    List<GroupMember> members = request.members();
    String what = "snapshot group '%s'".formatted(request.group());
    if (members.stream().map(member -> member.vm().site()).distinct().count() > 1) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not %s: its VMs are at several sites. Part the group by sites.".formatted(what));
    }
    LabClient site = sites.client(members.getFirst().vm());
    return LabFaults.translated(
        what,
        () ->
            RunningActivity.alive(
                what,
                () ->
                    new GroupSnapshot(
                        snapshotTogether(site, request).stream()
                            .map(LabSnapshotActivities::answer)
                            .toList(),
                        RunningActivity.attempt())));
  }

  private static List<SnapshotView> snapshotTogether(LabClient site, CreateGroupSnapshot request) {
    List<GroupMember> members = request.members();
    // First, so that a late attempt is refused also when there is nothing to change.
    members.forEach(member -> site.fence(member.vm().id(), LabSites.stamp(member.mandate())));
    List<Optional<SnapshotView>> known =
        members.stream()
            .map(member -> LabSnapshotActivities.find(site.look(member.vm().id()), member.name()))
            .toList();
    if (known.stream().allMatch(Optional::isPresent)) {
      return known.stream().flatMap(Optional::stream).toList();
    }
    for (int i = 0; i < members.size(); i++) {
      GroupMember member = members.get(i);
      known
          .get(i)
          .ifPresent(
              made ->
                  site.removeSnapshot(
                      member.vm().id(), made.id(), LabSites.stamp(member.mandate())));
    }
    return site.snapshotGroup(
        members.stream()
            .map(
                member ->
                    new io.switchback.lab.GroupMember(
                        member.vm().id(), member.name(), LabSites.stamp(member.mandate())))
            .toList(),
        request.quiesced());
  }
}
