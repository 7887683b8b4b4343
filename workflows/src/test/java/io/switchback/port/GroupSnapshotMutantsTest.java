package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about snapshots of groups; the suite notices. */
final class GroupSnapshotMutantsTest {
  private static Supplier<Adapted> fixture = () -> with(FakeGroupSnapshotActivities::new);

  /** A site and the adapter that stands before it. */
  private record Adapted(SiteFixture site, GroupSnapshotActivities groups) {}

  static final class Suite extends GroupSnapshotContract {
    private Adapted adapted;

    @Override
    protected SiteFixture open() {
      adapted = fixture.get();
      return adapted.site();
    }

    @Override
    protected GroupSnapshotActivities groupSnapshots() {
      return adapted.groups();
    }
  }

  private static Adapted with(Function<FakeSite, GroupSnapshotActivities> adapter) {
    FakeSiteFixture made =
        new FakeSiteFixture(
            FakeVmActivities::new, FakeGuestActivities::new, FakeSnapshotActivities::new);
    return new Adapted(made, adapter.apply(made.site()));
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new AdapterMutants<FakeSite, GroupSnapshotActivities, Adapted>(
            GroupSnapshotContract.class, GroupSnapshotMutantsTest::with)
        .add(
            "snapshots the first VM of a group alone",
            site ->
                asking(
                    site,
                    request ->
                        new GroupSnapshotActivities.CreateGroupSnapshot(
                            request.group(), request.members().subList(0, 1), false)),
            "snapshotsEveryVmOfAGroup")
        .add(
            "makes each VM's snapshot by itself",
            OneByOne::new,
            "takesAGroupsSnapshotsAnewWhenOnlySomeOfItsVmsHaveThem",
            "makesNoSnapshotOfAGroupWhenOneOfItsVmsIsFenced",
            "namesAVmThatTheHypervisorDoesNotKnow")
        .add(
            "makes a group's snapshots twice",
            site ->
                asking(
                    site,
                    request -> {
                      request
                          .members()
                          .forEach(member -> site.vm(member.vm()).snapshots.remove(member.name()));
                      return request;
                    }),
            "answersTheSnapshotsThatTheGroupHasAlready")
        .add(
            "answers from memory",
            site ->
                new FakeGroupSnapshotActivities(site) {
                  @Override
                  public GroupSnapshot createGroupSnapshot(CreateGroupSnapshot request) {
                    try {
                      return super.createGroupSnapshot(request);
                    } catch (FaultException nobodyAnswers) {
                      return new GroupSnapshot(List.of(), Attempts.current());
                    }
                  }
                },
            "saysThatTheSiteDoesNotAnswer",
            "namesAVmThatTheHypervisorDoesNotKnow")
        .tests(Suite.class, next -> fixture = next);
  }

  private static FakeGroupSnapshotActivities asking(
      FakeSite site, UnaryOperator<GroupSnapshotActivities.CreateGroupSnapshot> wrong) {
    return new FakeGroupSnapshotActivities(site) {
      @Override
      public GroupSnapshot createGroupSnapshot(CreateGroupSnapshot request) {
        return super.createGroupSnapshot(wrong.apply(request));
      }
    };
  }

  /** Looks at each VM when its turn comes. */
  private static final class OneByOne extends FakeGroupSnapshotActivities {
    OneByOne(FakeSite site) {
      super(site);
    }

    @Override
    public GroupSnapshot createGroupSnapshot(CreateGroupSnapshot request) {
      return new GroupSnapshot(
          request.members().stream()
              .map(
                  member ->
                      single.createSnapshot(
                          new CreateSnapshot(
                              member.mandate(), member.vm(), member.name(), request.quiesced())))
              .toList(),
          Attempts.current());
    }
  }
}
