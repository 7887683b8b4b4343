package io.switchback.port;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about replication cycles; the suite notices. */
final class CycleMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeCycleActivities::new);

  static final class Suite extends CycleContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants =
        new AdapterMutants<>(CycleContract.class, CycleMutantsTest::with);
    beginning(mutants);
    completing(mutants);
    repeating(mutants);
    fences(mutants);
    abandoning(mutants);
    operations(mutants);
    shapes(mutants);
    loops(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  static RegistryFixture with(Function<FakeRegistry, CycleActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public CycleActivities cycles() {
        return adapter.apply(registry);
      }
    };
  }

  private static void beginning(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "the fence lacks the cycle's number",
            registry ->
                planning(registry, fence -> new Fence(fence.generation(), fence.epoch(), 0, 0)),
            "beginsACycleOfAReplicaThatReplicates")
        .add(
            "the fence lacks the epoch",
            registry ->
                planning(registry, fence -> new Fence(fence.generation(), 0, fence.step(), 0)),
            "readsTheEpochWhenTheCycleBegins")
        .add(
            "releasing leaves the epoch as it was",
            () ->
                new FakeRegistryFixture() {
                  @Override
                  public ClaimActivities claims() {
                    return new FakeClaimActivities(registry) {
                      @Override
                      public Done releaseReplica(ReleaseReplica request) {
                        Done done = super.releaseReplica(request);
                        registry.protectedReplica(request.replicaId()).epoch--;
                        return done;
                      }
                    };
                  }
                },
            "readsTheEpochWhenTheCycleBegins")
        .add(
            "counts by what is recorded",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  CyclePlan plan(FakeReplica replica, Question question) {
                    replica.cycle = replica.completed.size();
                    return super.plan(replica, question);
                  }
                },
            "countsTheCycleNumberUpWithEachCall")
        .add(
            "never waits",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  String waitingFor(FakeReplica replica, boolean isOwn) {
                    return "";
                  }
                },
            "beginsNoneWhileTheReplicaIsOnHold",
            "beginsNoneWhileTheReplicaIsClaimed",
            "beginsNoneInAStateThatDoesNotReplicate")
        .add(
            "counts every attempt as a question",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  boolean isAnswered(FakeReplica replica, Question question) {
                    return false;
                  }
                },
            "answersEveryAttemptOfAQuestionTheSameCycle")
        .add(
            "begins whenever it is asked",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  String late(FakeReplica replica, Question question) {
                    return "";
                  }
                },
            "beginsNoneForAQuestionThatIsOlderThanTheCycleThatRuns")
        .add(
            "counts no attempts",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  public CycleStart beginCycle(BeginCycle request) {
                    CycleStart start = super.beginCycle(request);
                    return new CycleStart(
                        start.plan(),
                        start.waitingFor(),
                        start.group(),
                        start.interval(),
                        start.rpo(),
                        start.rpoObjective(),
                        1);
                  }
                },
            "saysWhichAttemptAnswers")
        .add(
            "protects what it does not know",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  public Done abandonCycle(AbandonCycle request) {
                    return new Done(false, Attempts.current());
                  }
                },
            "refusesAReplicaThatIsNoLongerProtected",
            "saysThatTheRegistryDoesNotAnswer");
  }

  private static void completing(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "forgets the change ids",
            registry -> completing(registry, replica -> replica.changeIds = java.util.Map.of()),
            "recordsTheRestorePointAndRemembersTheChangeIds")
        .add(
            "seeds for ever",
            registry -> completing(registry, replica -> replica.state = ReplicaState.SEEDING),
            "makesTheReplicaReadyWithItsFirstRestorePoint");
  }

  private static void repeating(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants.add(
        "effect twice",
        registry ->
            new FakeCycleActivities(registry) {
              @Override
              public CycleEnd completeCycle(CompleteCycle request) {
                registry.protectedReplica(request.replicaId()).completed.remove(request.number());
                return super.completeCycle(request);
              }
            },
        "answersTheSameWhenTheCycleIsRecordedAlready",
        "answersTheSameAlsoWhenTheReplicaWasClaimedAfterItWasRecorded");
  }

  private static void fences(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "fence ignored",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  void refuseFenced(FakeReplica replica, CompleteCycle request) {}
                },
            "recordsNothingWhenTheReplicaWasClaimedSinceTheCycleBegan",
            "recordsNothingWhenTheReplicaWasPutOnHoldSinceTheCycleBegan")
        .add(
            "asks only who holds the replica now",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  void refuseFenced(FakeReplica replica, CompleteCycle request) {
                    if (replica.claim != null) {
                      super.refuseFenced(replica, request);
                    }
                  }
                },
            "recordsNothingWhenAClaimCameAndWentSinceTheCycleBegan");
  }

  private static void operations(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "runs cycles only of loops",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  boolean isOwn(FakeReplica replica, @Nullable Mandate mandate) {
                    return false;
                  }
                },
            "beginsOneForTheOperationThatHoldsTheReplica")
        .add(
            "runs cycles of whichever operation asks",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  boolean isOwn(FakeReplica replica, @Nullable Mandate mandate) {
                    return mandate != null;
                  }
                },
            "runsNoCycleOfAnOperationThatDoesNotHoldTheReplica");
  }

  private static void shapes(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "forgets the shape",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  void carry(FakeReplica replica, CarriedShape carried) {}
                },
            "recordsTheShapeThatWasCarriedOver")
        .add(
            "records the shape before the point",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  public CycleEnd completeCycle(CompleteCycle request) {
                    CarriedShape carried = request.carried();
                    if (carried != null) {
                      carry(registry.protectedReplica(request.replicaId()), carried);
                    }
                    return super.completeCycle(request);
                  }
                },
            "recordsNoShapeWithoutItsRestorePoint");
  }

  private static void loops(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "lets any loop replicate",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  String otherLoop(FakeReplica replica, String group) {
                    return "";
                  }
                },
            "beginsNoneInAnotherLoopThanTheReplicas")
        .add(
            "measures no RPO",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  public CycleStart beginCycle(BeginCycle request) {
                    CycleStart start = super.beginCycle(request);
                    return new CycleStart(
                        start.plan(),
                        start.waitingFor(),
                        start.group(),
                        start.interval(),
                        null,
                        start.rpoObjective(),
                        start.attempt());
                  }
                },
            "saysByWhatTheRpoIsMeasured");
  }

  private static void abandoning(
      AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants) {
    mutants.add(
        "keeps the last reason",
        registry ->
            new FakeCycleActivities(registry) {
              @Override
              public Done abandonCycle(AbandonCycle request) {
                registry.protectedReplica(request.replicaId()).abandoned.remove(request.number());
                return super.abandonCycle(request);
              }
            },
        "recordsOnceWhyACycleCameToNothing");
  }

  private static FakeCycleActivities planning(FakeRegistry registry, UnaryOperator<Fence> wrong) {
    return planning(registry, wrong, snapshots -> snapshots);
  }

  static FakeCycleActivities planning(
      FakeRegistry registry, UnaryOperator<Fence> fence, UnaryOperator<List<String>> snapshots) {
    return new FakeCycleActivities(registry) {
      @Override
      CyclePlan plan(FakeReplica replica, Question question) {
        CyclePlan plan = super.plan(replica, question);
        return new CyclePlan(
            plan.replica(),
            plan.number(),
            fence.apply(plan.fence()),
            plan.newest(),
            plan.changeIds(),
            plan.quiesced(),
            plan.compare(),
            plan.shape(),
            plan.networks(),
            snapshots.apply(plan.snapshots()),
            plan.move());
      }
    };
  }

  private static FakeCycleActivities completing(
      FakeRegistry registry, java.util.function.Consumer<FakeReplica> wrong) {
    return new FakeCycleActivities(registry) {
      @Override
      void complete(FakeReplica replica, CompleteCycle request) {
        super.complete(replica, request);
        wrong.accept(replica);
      }
    };
  }
}
