package io.switchback.port;

import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.Replica;
import io.switchback.model.SomeFailback;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about failbacks up to the switch; the suite notices. */
final class FailbackMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeFailbackActivities::new);

  static final class Suite extends FailbackContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants =
        new AdapterMutants<>(FailbackContract.class, FailbackMutantsTest::with);
    breakTheBegin(mutants);
    breakWhatFollows(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static void breakTheBegin(
      AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "works from memory",
            IdleFailbackActivities::new,
            "writesTheFailbackDownAndLeavesTheReplicaAsItIs",
            "refusesWhoeverDoesNotHoldTheReplicaAndLateSteps",
            "saysThatTheRegistryDoesNotAnswer",
            "refusesWhatNeedsAFailbackWhereThereIsNone")
        .add(
            "exchanges production at once",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done beginFailback(BeginFailback request) {
                    Done done = super.beginFailback(request);
                    FakeReplica replica = registry.protectedReplica(request.replicaId());
                    replica.replica = following(replica.failback);
                    return done;
                  }
                },
            "writesTheFailbackDownAndLeavesTheReplicaAsItIs")
        .add(
            "writes over what is there",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done beginFailback(BeginFailback request) {
                    registry.protectedReplica(request.replicaId()).failback = null;
                    return super.beginFailback(request);
                  }
                },
            "leavesItAsItIsWhenTheSameOperationHasWrittenItAlready",
            "refusesAFailbackBesideThatOfAnotherOperation")
        .add(
            "does not name the VM that was made",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  boolean names(FakeFailback known, Failback made) {
                    return false;
                  }
                },
            "namesTheVmThatTheFailbackMakesOnceItIsThere")
        .add(
            "names another VM at any time",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  boolean names(FakeFailback known, Failback made) {
                    Failback before = known.failback;
                    known.failback = before.made(made.target(), made.disks());
                    return !known.failback.equals(before);
                  }
                },
            "namesNoOtherVmOnceTheFirstSynchronisationIsMade")
        .add(
            "takes any target",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  void refuseOthers(FakeReplica replica, Failback failback) {}
                },
            "refusesAVmOfAnotherReplicaAsTarget",
            "refusesAVmThatIsBeingProtectedAsTarget",
            "refusesATargetAtAnotherSite")
        .add(
            "lets others protect what a failback is about",
            () ->
                protecting(
                    registry ->
                        new FakeProtectionActivities(registry) {
                          @Override
                          void refuseFailback(ReserveReplica request) {}
                        }),
            "letsNobodyProtectTheTargetOrProductionUntilTheEnd")
        .add(
            "excludes what production is and not what it was",
            () ->
                protecting(
                    registry ->
                        new FakeProtectionActivities(registry) {
                          @Override
                          void exclude(FakeReplica replica) {
                            registry.excluded.put(replica.replica.production().id(), "ended");
                          }
                        }),
            "isGoneWithTheProtectionOfWhichNeitherVmIsLeftToRules");
  }

  private static void breakWhatFollows(
      AdapterMutants<FakeRegistry, FailbackActivities, RegistryFixture> mutants) {
    mutants
        .add("answers one that nobody has begun", Inventing::new, "answersNoneWhereThereIsNone")
        .add(
            "remembers the first synchronisation",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done recordRound(RecordRound request) {
                    FakeFailback open = registry.protectedReplica(request.replicaId()).failback;
                    Round first = open == null ? null : open.failback.round();
                    Done done = super.recordRound(request);
                    if (open != null && first != null) {
                      open.synchronised(first);
                    }
                    return done;
                  }
                },
            "remembersTheLastSynchronisation")
        .add(
            "always says that it has changed",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done recordRound(RecordRound request) {
                    return new Done(true, super.recordRound(request).attempt());
                  }

                  @Override
                  public Done moveSwitch(MoveSwitch request) {
                    return new Done(true, super.moveSwitch(request).attempt());
                  }
                },
            "answersUnchangedWhenTheSynchronisationIsRemembered",
            "movesTheTimeOfTheSwitch")
        .add(
            "forgets when a synchronisation was complete",
            registry ->
                new FakeFailbackActivities(registry) {
                  @Override
                  public Done recordRound(RecordRound request) {
                    Round made = request.round();
                    return super.recordRound(
                        new RecordRound(
                            request.mandate(),
                            request.replicaId(),
                            new Round(made.snapshot(), made.changeIds(), null)));
                  }
                },
            "remembersWhenASynchronisationWasCompleteAndHowOftenOneIsWanted")
        .add(
            "moves what is not scheduled",
            Scheduling::new,
            "refusesAnotherTimeForASwitchThatIsNotScheduled");
  }

  static RegistryFixture with(Function<FakeRegistry, FailbackActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public FailbackActivities failbacks() {
        return adapter.apply(registry);
      }
    };
  }

  private static RegistryFixture protecting(Function<FakeRegistry, ProtectionActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public ProtectionFixture protecting() {
        return new FakeProtectionFixture(registry) {
          @Override
          public ProtectionActivities protection() {
            return adapter.apply(registry);
          }
        };
      }
    };
  }

  /** Answers the failback of anybody. */
  private static final class Inventing extends FakeFailbackActivities {
    Inventing(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public FailbackView describeFailback(DescribeFailback request) {
      Replica any = registry.replicas.values().iterator().next().replica;
      return new FailbackView(SomeFailback.home(any).build());
    }
  }

  /** Makes every switch a scheduled one. */
  private static final class Scheduling extends FakeFailbackActivities {
    Scheduling(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Done moveSwitch(MoveSwitch request) {
      FakeFailback open = registry.protectedReplica(request.replicaId()).failback;
      if (open != null) {
        open.failback = SomeFailback.like(open.failback).scheduled(request.at()).build();
      }
      return super.moveSwitch(request);
    }
  }
}
