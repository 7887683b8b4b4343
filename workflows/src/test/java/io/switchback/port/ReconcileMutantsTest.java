package io.switchback.port;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ReconcileActivities.RegistryView;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about dead claims; the suite notices. */
final class ReconcileMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeReconcileActivities::new);

  static final class Suite extends ReconcileContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new AdapterMutants<FakeRegistry, ReconcileActivities, RegistryFixture>(
            ReconcileContract.class, ReconcileMutantsTest::with)
        .add(
            "knows nothing",
            () ->
                describing(
                    seen -> new RegistryView(seen.state(), null, null, List.of(), List.of(), 0)),
            "saysWhoHoldsTheReplicaAndWhatWasAskedFor",
            "saysWhyReplicationWaits",
            "saysWhatAPlannedFailoverHasMadeOfProduction",
            "countsThePlacesThatTheHolderKeepsAndFreesThem",
            "freesThePlaceAmongTheTransfersAsWell",
            "settlesTheSameOperationWhenAReconcileIsTakenOverItself")
        .add(
            "takes over what nobody holds, and whatever is there",
            Grabs::new,
            "refusesAClaimThatIsNotTheOneThatWasSeen",
            "letsOneOfTwoTakeItOver",
            "refusesToGiveOutAFenceThatASiteHasSeen")
        .add(
            "forgets who it is",
            () ->
                describing(
                    seen ->
                        seen.claim() != null
                            ? seen
                            : new RegistryView(
                                seen.state(),
                                new ReconcileActivities.HeldClaim(
                                    "x",
                                    Operation.RECONCILE,
                                    Operation.RECONCILE,
                                    "w",
                                    "r",
                                    "b",
                                    java.time.Instant.EPOCH,
                                    ReplicaState.READY,
                                    1,
                                    null,
                                    null),
                                null,
                                List.of(),
                                List.of(),
                                0)),
            "saysThatNobodyHoldsIt")
        .add(
            "looks without taking over",
            OnlyLooks::new,
            "takesTheReplicaOverAndFencesTheDeadOperationOff",
            "leadsWhereTheDeadOperationWouldHaveLed",
            "answersTheTakeoverAsItWasGivenToTheSameOperation")
        .add(
            "answers from memory",
            FromMemory::new,
            "refusesAVmThatIsNotProtected",
            "saysThatTheRegistryDoesNotAnswer")
        .tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, ReconcileActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public ReconcileActivities reconcile() {
        return adapter.apply(registry);
      }
    };
  }

  private static RegistryFixture describing(UnaryOperator<RegistryView> wrong) {
    return with(
        registry ->
            new FakeReconcileActivities(registry) {
              @Override
              public RegistryView describeClaim(DescribeClaim request) {
                return wrong.apply(super.describeClaim(request));
              }
            });
  }

  /** Takes whoever holds the replica for the dead one. */
  private static final class Grabs extends FakeReconcileActivities {
    private final FakeRegistry registry;

    Grabs(FakeRegistry registry) {
      super(registry);
      this.registry = registry;
    }

    @Override
    public Claim takeOverReplica(TakeOverReplica request) {
      synchronized (registry) {
        FakeReplica replica = registry.protectedReplica(request.replicaId());
        replica.epoch++;
        return new Claim(
            new io.switchback.model.Fence(1, replica.epoch, 0, 0),
            ReplicaState.READY,
            Attempts.current());
      }
    }
  }

  /** Answers a fence that nobody was given. */
  private static final class OnlyLooks extends FakeReconcileActivities {
    OnlyLooks(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Claim takeOverReplica(TakeOverReplica request) {
      return new Claim(
          new io.switchback.model.Fence(1, request.deadEpoch() + Attempts.current(), 0, 0),
          ReplicaState.READY,
          Attempts.current());
    }
  }

  /** Answers a replica that it has never asked for. */
  private static final class FromMemory extends FakeReconcileActivities {
    FromMemory(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public RegistryView describeClaim(DescribeClaim request) {
      return new RegistryView(ReplicaState.READY, null, null, List.of(), List.of(), 0);
    }
  }
}
