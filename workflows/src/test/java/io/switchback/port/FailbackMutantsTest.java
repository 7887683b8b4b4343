package io.switchback.port;

import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.FailbackTo;
import io.switchback.model.Replica;
import io.switchback.model.Switchover;
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
    Mutants<RegistryFixture> mutants = new Mutants<>(FailbackContract.class);
    breakTheBegin(mutants);
    breakWhatFollows(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static void breakTheBegin(Mutants<RegistryFixture> mutants) {
    mutants
        .add(
            "works from memory",
            () -> with(IdleFailbackActivities::new),
            "writesTheFailbackDownAndLeavesTheReplicaAsItIs",
            "refusesWhoeverDoesNotHoldTheReplicaAndLateSteps",
            "saysThatTheRegistryDoesNotAnswer",
            "refusesWhatNeedsAFailbackWhereThereIsNone")
        .add(
            "exchanges production at once",
            () ->
                with(
                    registry ->
                        new FakeFailbackActivities(registry) {
                          @Override
                          public Done beginFailback(BeginFailback request) {
                            Done done = super.beginFailback(request);
                            FakeReplica replica = registry.protectedReplica(request.replicaId());
                            replica.replica = following(replica.failback);
                            return done;
                          }
                        }),
            "writesTheFailbackDownAndLeavesTheReplicaAsItIs")
        .add(
            "writes over what is there",
            () ->
                with(
                    registry ->
                        new FakeFailbackActivities(registry) {
                          @Override
                          public Done beginFailback(BeginFailback request) {
                            registry.protectedReplica(request.replicaId()).failback = null;
                            return super.beginFailback(request);
                          }
                        }),
            "leavesItAsItIsWhenTheSameOperationHasWrittenItAlready",
            "refusesAFailbackBesideThatOfAnotherOperation")
        .add(
            "does not name the VM that was made",
            () ->
                with(
                    registry ->
                        new FakeFailbackActivities(registry) {
                          @Override
                          boolean names(FakeFailback known, Failback made) {
                            return false;
                          }
                        }),
            "namesTheVmThatTheFailbackMakesOnceItIsThere")
        .add(
            "names another VM at any time",
            () ->
                with(
                    registry ->
                        new FakeFailbackActivities(registry) {
                          @Override
                          boolean names(FakeFailback known, Failback made) {
                            Failback before = known.failback;
                            known.failback = before.made(made.target(), made.disks());
                            return !known.failback.equals(before);
                          }
                        }),
            "namesNoOtherVmOnceTheFirstSynchronisationIsMade")
        .add(
            "takes any target",
            () ->
                with(
                    registry ->
                        new FakeFailbackActivities(registry) {
                          @Override
                          void refuseOthers(FakeReplica replica, Failback failback) {}
                        }),
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

  private static void breakWhatFollows(Mutants<RegistryFixture> mutants) {
    mutants
        .add(
            "answers one that nobody has begun",
            () -> with(Inventing::new),
            "answersNoneWhereThereIsNone")
        .add(
            "remembers the first synchronisation",
            () ->
                with(
                    registry ->
                        new FakeFailbackActivities(registry) {
                          @Override
                          public Done recordRound(RecordRound request) {
                            FakeFailback open =
                                registry.protectedReplica(request.replicaId()).failback;
                            Round first = open == null ? null : open.failback.round();
                            Done done = super.recordRound(request);
                            if (open != null && first != null) {
                              open.synchronised(first);
                            }
                            return done;
                          }
                        }),
            "remembersTheLastSynchronisation")
        .add(
            "always says that it has changed",
            () ->
                with(
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
                        }),
            "answersUnchangedWhenTheSynchronisationIsRemembered",
            "movesTheTimeOfTheSwitch")
        .add(
            "forgets when a synchronisation was complete",
            () ->
                with(
                    registry ->
                        new FakeFailbackActivities(registry) {
                          @Override
                          public Done recordRound(RecordRound request) {
                            Round made = request.round();
                            return super.recordRound(
                                new RecordRound(
                                    request.mandate(),
                                    request.replicaId(),
                                    new Round(made.snapshot(), made.changeIds())));
                          }
                        }),
            "remembersWhenASynchronisationWasCompleteAndHowOftenOneIsWanted")
        .add(
            "moves what is not scheduled",
            () -> with(Scheduling::new),
            "refusesAnotherTimeForASwitchThatIsNotScheduled");
  }

  private static RegistryFixture with(Function<FakeRegistry, FailbackActivities> adapter) {
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
      return new FailbackView(
          new Failback(
              FailbackTo.PRODUCTION,
              any.production(),
              any.production(),
              any.disks(),
              true,
              "-",
              Switchover.AUTO,
              null,
              true,
              null,
              null));
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
        Failback begun = open.failback;
        open.failback =
            new Failback(
                begun.to(),
                begun.before(),
                begun.target(),
                begun.disks(),
                begun.targetRan(),
                begun.targetSnapshot(),
                Switchover.SCHEDULED,
                request.at(),
                begun.powerOn(),
                begun.round(),
                begun.protectivePoint());
      }
      return super.moveSwitch(request);
    }
  }
}
