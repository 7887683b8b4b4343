package io.switchback.port;

import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Snapshots of several of a {@link FakeSite}'s VMs at one moment. */
class FakeGroupSnapshotActivities implements GroupSnapshotActivities {
  final FakeSite site;
  final FakeSnapshotActivities single;

  FakeGroupSnapshotActivities(FakeSite site) {
    this.site = site;
    this.single = new FakeSnapshotActivities(site);
  }

  @Override
  public GroupSnapshot createGroupSnapshot(CreateGroupSnapshot request) {
    return site.script()
        .run(
            "createGroupSnapshot",
            request.group(),
            () -> {
              synchronized (site) {
                List<FakeVm> vms = admitAll(request);
                return new GroupSnapshot(
                    snapshotTogether(vms, request).stream()
                        .map(FakeSnapshotActivities::answered)
                        .toList(),
                    Attempts.current());
              }
            });
  }

  /** Looks at every fence before the first snapshot is made. */
  List<FakeVm> admitAll(CreateGroupSnapshot request) {
    return request.members().stream()
        .map(member -> single.admit(member.vm(), member.mandate()))
        .toList();
  }

  List<FakeVm.SnapshotOfAll> snapshotTogether(List<FakeVm> vms, CreateGroupSnapshot request) {
    List<GroupMember> members = request.members();
    boolean isMade =
        members.stream()
            .allMatch(member -> site.vm(member.vm()).snapshots.containsKey(member.name()));
    List<FakeVm.SnapshotOfAll> made = new ArrayList<>();
    for (int i = 0; i < vms.size(); i++) {
      FakeVm vm = vms.get(i);
      GroupMember member = members.get(i);
      CreateSnapshot one =
          new CreateSnapshot(member.mandate(), member.vm(), member.name(), request.quiesced());
      if (!isMade && vm.snapshots.containsKey(member.name())) {
        single.remove(vm, new ChangeSnapshot(member.mandate(), member.vm(), member.name()));
      }
      made.add(isMade ? vm.snapshots.get(member.name()) : single.create(vm, one));
    }
    return made;
  }
}
