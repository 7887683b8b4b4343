package io.switchback.port;

import static io.switchback.port.FailbackMutantsTest.with;
import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about the switch of a failback or its end; the suite notices. */
final class FailbackSwitchMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeFailbackActivities::new);

  static final class Suite extends FailbackSwitchContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants =
        new AdapterMutants<>(FailbackSwitchContract.class, FailbackMutantsTest::with);
    breakTheSwitch(mutants);
    breakThePoint(mutants);
    breakTheCommit(mutants);
    breakTheEnd(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static void breakTheSwitch(
      AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "makes the protective snapshot the oldest point",
            () -> switched((replica, open) -> replica.points.addFirst(replica.points.removeLast())),
            "makesTheProtectiveSnapshotTheNewestRestorePoint")
        .add(
            "forgets what is tracked from where",
            () -> switched((replica, open) -> replica.changeIds = Map.of()),
            "letsTheNextCycleGoOnFromTheSwitch")
        .add(
            "keeps the network map",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  List<NetworkMapping> follow(FakeFailback known, List<NetworkMapping> map) {
                    return map;
                  }
                },
            "theNetworkMapFollowsAVmThatTheFailbackHasMadeOnceItIsCommitted")
        .add(
            "forgets the rest of the network map",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  List<NetworkMapping> follow(FakeFailback known, List<NetworkMapping> map) {
                    return known.failback.networks();
                  }
                },
            "theNetworkMapFollowsAVmThatTheFailbackHasMadeOnceItIsCommitted")
        .add(
            "changes the network map with the switch",
            () ->
                switched(
                    (replica, open) -> replica.networks = open.failback.follow(replica.networks)),
            "theNetworkMapFollowsAVmThatTheFailbackHasMadeOnceItIsCommitted",
            "theNetworkMapStaysWhereAFailbackIsNotCommitted")
        .add(
            "leaves the disks as they are",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  Replica following(FakeFailback known) {
                    Replica now = super.following(known);
                    return new Replica(
                        now.id(),
                        now.name(),
                        now.production(),
                        now.recovery(),
                        known.before.disks(),
                        now.networks());
                  }
                },
            "namesTheTargetAndItsDisksInProductionsPlace")
        .add(
            "takes the target for what production was",
            () -> switched((replica, open) -> replica.shape = open.shapeBefore),
            "letsTheNextCycleLookWhatTheTargetIsMadeOf")
        .add(
            "takes names for ids",
            () ->
                switched(
                    (replica, open) -> {
                      if (open.failback.target().name().equals(open.before.name())) {
                        throw new FaultException(Fault.REFUSED, "It is called so already.");
                      }
                    }),
            "takesATargetThatIsCalledAsProductionWas")
        .add(
            "always says that it has changed",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done completeSwitch(CompleteSwitch request) {
                    return new Done(true, super.completeSwitch(request).attempt());
                  }

                  @Override
                  public Done endFailback(EndFailback request) {
                    return new Done(true, super.endFailback(request).attempt());
                  }
                },
            "answersUnchangedWhenTheSwitchIsComplete",
            "answersUnchangedWhenThereIsNoneToEnd");
  }

  private static void breakThePoint(
      AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "keeps every protective snapshot",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  void forgetProtectivePoint(FakeReplica replica, FakeFailback known) {}
                },
            "putsAnotherProtectiveSnapshotInPlaceOfAnEarlierOne")
        .add(
            "lets the policy have the protective snapshot",
            () ->
                new FakeRegistryFixture() {
                  @Override
                  public CycleActivities cycles() {
                    return new FakeCycleActivities(registry) {
                      @Override
                      boolean isNeeded(FakeReplica replica, RestorePoint point) {
                        return replica.used.contains(point.id());
                      }
                    };
                  }
                },
            "keepsTheProtectiveSnapshotWhileItIsOpenWhateverThePolicySays")
        .add(
            "keeps the protective snapshot for good",
            () -> switched((replica, open) -> replica.used.add("web-01-failback")),
            "leavesTheProtectiveSnapshotToThePolicyOnceItIsCommitted");
  }

  private static void breakTheCommit(
      AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "leaves rules as they are",
            () -> committing((registry, open) -> {}),
            "excludesWhatProductionWasFromEveryRule",
            "letsRulesThatNamedProductionNameTheTarget")
        .add(
            "excludes production whatever the target is",
            () ->
                committing(
                    (registry, open) ->
                        registry.excluded.put(open.before.production().id(), "over")),
            "excludesNothingWhereProductionIsTheTarget")
        .add(
            "takes every commit for an end",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done endFailback(EndFailback request) {
                    FakeFailback open = registry.protectedReplica(request.replicaId()).failback;
                    boolean isMade = open != null && open.failback.protectivePoint() != null;
                    return super.endFailback(
                        new EndFailback(
                            request.mandate(),
                            request.replicaId(),
                            request.committed() && isMade,
                            request.by(),
                            request.reason()));
                  }
                },
            "refusesToCommitBeforeTheSwitch");
  }

  private static void breakTheEnd(
      AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "puts nothing back but the points",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  void takeBack(FakeReplica replica, FakeFailback known) {
                    forgetProtectivePoint(replica, known);
                  }
                },
            "putsProductionItsDisksAndItsChangeTrackingBack")
        .add(
            "ends only what was switched",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done endFailback(EndFailback request) {
                    FakeFailback open = registry.protectedReplica(request.replicaId()).failback;
                    return open != null && open.failback.protectivePoint() == null
                        ? new Done(false, Attempts.current())
                        : super.endFailback(request);
                  }
                },
            "endsAFailbackWhoseSwitchWasNotMade")
        .add("has one failback for each replica", Once::new, "canBeginAnewAfterItsEnd");
  }

  /** Does something wrong after each switch. */
  private static RegistryFixture switched(BiConsumer<FakeReplica, FakeFailback> wrong) {
    return with(
        registry ->
            new FakeFailbackActivities(registry) {
              @Override
              public Done completeSwitch(CompleteSwitch request) {
                Done done = super.completeSwitch(request);
                FakeReplica replica = registry.protectedReplica(request.replicaId());
                wrong.accept(replica, requireNonNull(replica.failback));
                return done;
              }
            });
  }

  private static RegistryFixture committing(BiConsumer<FakeRegistry, FakeFailback> wrong) {
    return with(
        registry ->
            new FakeFailbackActivities(registry) {
              @Override
              void commit(FakeFailback known, String reason) {
                wrong.accept(registry, known);
              }
            });
  }

  /** Takes a second failback of a replica for the first. */
  private static final class Once extends FakeFailbackActivities {
    private final Set<String> begun = new HashSet<>();

    Once(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Done beginFailback(BeginFailback request) {
      return begun.add(request.replicaId())
          ? super.beginFailback(request)
          : new Done(false, Attempts.current());
    }
  }
}
