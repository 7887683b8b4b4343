package io.switchback.port;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about permanent failovers; the suite notices. */
final class PermanentFailoverMutantsTest {
  private static Supplier<RegistryFixture> fixture =
      () -> with(FakePermanentFailoverActivities::new);

  static final class Suite extends PermanentFailoverContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new AdapterMutants<FakeRegistry, PermanentFailoverActivities, RegistryFixture>(
            PermanentFailoverContract.class, PermanentFailoverMutantsTest::with)
        .add(
            "works from memory",
            Idle::new,
            "letsEveryPointGoOldestFirstAndOffersNoneAnyMore",
            "forgetsThemAllTheLastOneToo",
            "excludesProductionOnce",
            "refusesWhoeverDoesNotHoldTheReplicaAndLateSteps",
            "saysThatTheRegistryDoesNotAnswer")
        .add(
            "answers each point once",
            registry ->
                new FakePermanentFailoverActivities(registry) {
                  @Override
                  public LetGo letGoRestorePoints(LetGoRestorePoints request) {
                    LetGo going = super.letGoRestorePoints(request);
                    return Attempts.current() == 1 ? going : new LetGo(List.of(), going.attempt());
                  }
                },
            "answersWhatIsLeftWhenAskedAgain")
        .add(
            "forgets what is offered, too",
            registry ->
                new FakePermanentFailoverActivities(registry) {
                  @Override
                  public Done forgetLetGoPoints(ForgetLetGoPoints request) {
                    var _ = super.forgetLetGoPoints(request);
                    registry.protectedReplica(request.replicaId()).points.clear();
                    return new Done(true, Attempts.current());
                  }
                },
            "forgetsNothingThatWasNotLetGo")
        .tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, PermanentFailoverActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public PermanentFailoverActivities permanentFailover() {
        return adapter.apply(registry);
      }
    };
  }

  private static final class Idle extends FakePermanentFailoverActivities {
    Idle(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public LetGo letGoRestorePoints(LetGoRestorePoints request) {
      return new LetGo(List.of(), Attempts.current());
    }

    @Override
    public Done forgetLetGoPoints(ForgetLetGoPoints request) {
      return new Done(false, Attempts.current());
    }

    @Override
    public Done excludeProduction(ExcludeProduction request) {
      return new Done(true, Attempts.current());
    }
  }
}
