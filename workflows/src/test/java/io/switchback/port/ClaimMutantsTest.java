package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about claims; the suite notices. */
final class ClaimMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeClaimActivities::new);

  static final class Suite extends ClaimContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, ClaimActivities, RegistryFixture> mutants =
        new AdapterMutants<>(ClaimContract.class, ClaimMutantsTest::with);
    claiming(mutants);
    moving(mutants);
    holding(mutants);
    remembering(mutants);
    releasing(mutants);
    fences(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, ClaimActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public ClaimActivities claims() {
        return adapter.apply(registry);
      }
    };
  }

  private static void claiming(
      AdapterMutants<FakeRegistry, ClaimActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "moves the replica when it is claimed",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Claim claimReplica(ClaimReplica request) {
                    Claim claim = super.claimReplica(request);
                    registry.state(request.replicaId(), ReplicaState.FAILOVER);
                    return claim;
                  }
                },
            "claimsAReplicaThatNobodyHolds")
        .add(
            "keeps the epoch",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  FakeReplica.Claimed claim(ClaimReplica request, FakeReplica replica) {
                    registry.epoch(0);
                    return super.claim(request, replica);
                  }
                },
            "raisesTheEpochWithEveryClaim")
        .add(
            "counts epochs per replica",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  FakeReplica.Claimed claim(ClaimReplica request, FakeReplica replica) {
                    registry.epoch(replica.epoch);
                    return super.claim(request, replica);
                  }
                },
            "neverGivesTheSameEpochToTwoReplicas",
            "claimsWhenASiteHasSeenNoMoreThanWasGivenOut")
        .add(
            "claims again for whoever has it, and reads the state again",
            ClaimsAgain::new,
            "answersTheClaimAsItWasGivenToTheSameOperation")
        .add(
            "asks nobody",
            AsksNobody::new,
            "refusesAStateThatForbidsTheOperationAndSaysWhatIsAllowed",
            "refusesClaimsWhenASiteHasSeenAHigherGeneration",
            "refusesClaimsWhenASiteHasSeenAHigherEpochOfThisGeneration",
            "refusesAReplicaThatAnotherOperationHoldsAndNamesItsRun")
        .add("looks and acts in two steps", LooksThenActs::new, "letsExactlyOneOfTwoOperationsWin")
        .add(
            "counts no attempts",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Claim claimReplica(ClaimReplica request) {
                    Claim claim = super.claimReplica(request);
                    return new Claim(claim.fence(), claim.from(), 1);
                  }
                },
            "saysWhichAttemptAnswers");
  }

  private static void moving(
      AdapterMutants<FakeRegistry, ClaimActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "effect lost",
            registry -> movingTo(registry, request -> new Done(true, 1)),
            "movesTheReplicaWhereTheOperationLeads",
            "answersUnchangedWhenTheReplicaIsInTheStateAlready")
        .add(
            "only moves forward",
            registry ->
                movingTo(
                    registry,
                    request ->
                        request.to() == ReplicaState.READY
                            ? new Done(true, 1)
                            : new FakeClaimActivities(registry).moveReplica(request)),
            "movesTheReplicaBackWhereItCameFrom")
        .add(
            "moves anywhere",
            registry ->
                movingTo(
                    registry,
                    request -> {
                      registry.state(request.replicaId(), request.to());
                      return new Done(true, 1);
                    }),
            "refusesAStateThatTheOperationDoesNotLeadTo");
  }

  private static void holding(
      AdapterMutants<FakeRegistry, ClaimActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "hold lost",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Done holdReplication(HoldReplication request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "putsReplicationOnHoldOnce")
        .add(
            "the hold ends with the claim",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Done releaseReplica(ReleaseReplica request) {
                    registry.protectedReplica(request.replicaId()).hold = null;
                    return super.releaseReplica(request);
                  }
                },
            "keepsTheHoldUntilItIsResumed")
        .add(
            "always says that it resumed",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Done resumeReplication(ResumeReplication request) {
                    super.resumeReplication(request);
                    return new Done(true, Attempts.current());
                  }
                },
            "answersUnchangedWhenThereIsNoHoldToEnd");
  }

  private static void remembering(
      AdapterMutants<FakeRegistry, ClaimActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "never forgets what became of production",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  void forgetProduction(FakeReplica replica) {}
                },
            "remembersThatProductionWasShutDownUntilTheReplicaIsReadyAgain")
        .add(
            "takes production to have run, and says so each time",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Done rememberProduction(RememberProduction request) {
                    super.rememberProduction(
                        new RememberProduction(request.mandate(), request.replicaId(), true));
                    return new Done(true, Attempts.current());
                  }
                },
            "remembersOnceWhetherProductionRan");
  }

  private static void releasing(
      AdapterMutants<FakeRegistry, ClaimActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "release lost",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Done releaseReplica(ReleaseReplica request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "endsTheClaimAndKeepsTheState")
        .add(
            "forgets who released it",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Claim claimReplica(ClaimReplica request) {
                    registry.protectedReplica(request.replicaId()).released.clear();
                    return super.claimReplica(request);
                  }

                  @Override
                  public Done releaseReplica(ReleaseReplica request) {
                    registry.protectedReplica(request.replicaId()).released.clear();
                    return super.releaseReplica(request);
                  }
                },
            "answersUnchangedWhenTheOperationReleasedTheReplicaAlready",
            "refusesToClaimAgainWhatTheOperationReleased");
  }

  private static void fences(
      AdapterMutants<FakeRegistry, ClaimActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "fence ignored",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  void fence(FakeReplica replica, Mandate mandate) {}
                },
            "fencesOffWhoeverDoesNotHoldTheReplica",
            "fencesOffAStepOfTheSameOperationThatWakesUpLate")
        .add(
            "works from memory",
            registry ->
                new FakeClaimActivities(registry) {
                  @Override
                  public Done moveReplica(MoveReplica request) {
                    registry.reachable(true);
                    return super.moveReplica(request);
                  }
                },
            "saysThatTheRegistryDoesNotAnswer");
  }

  private static FakeClaimActivities movingTo(
      FakeRegistry registry, Function<ClaimActivities.MoveReplica, Done> wrong) {
    return new FakeClaimActivities(registry) {
      @Override
      public Done moveReplica(MoveReplica request) {
        return wrong.apply(request);
      }
    };
  }

  private static final class ClaimsAgain extends FakeClaimActivities {
    ClaimsAgain(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Claim claimReplica(ClaimReplica request) {
      FakeReplica replica = registry.protectedReplica(request.replicaId());
      FakeReplica.Claimed claim = claim(request, replica);
      return new Claim(claim.fence, claim.from, Attempts.current());
    }
  }

  private static final class AsksNobody extends FakeClaimActivities {
    AsksNobody(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Claim claimReplica(ClaimReplica request) {
      FakeReplica replica = registry.protectedReplica(request.replicaId());
      if (replica.claim != null) {
        throw new FaultException(Fault.REFUSED, "Somebody holds it.");
      }
      FakeReplica.Claimed claim = claim(request, replica);
      return new Claim(claim.fence, claim.from, Attempts.current());
    }
  }

  /** As if two had looked before either acted: both win. */
  private static final class LooksThenActs extends FakeClaimActivities {
    LooksThenActs(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Claim claimReplica(ClaimReplica request) {
      boolean isFree = !registry.isClaimed(request.replicaId());
      return isFree
          ? new Claim(new Fence(1, 1, 0, 0), ReplicaState.READY, Attempts.current())
          : super.claimReplica(request);
    }
  }
}
