package io.switchback.port;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about rules' loops; the suite notices. */
final class LookoutMutantsTest {
  private static Supplier<LookoutFixture> fixture = with(FakeLookoutActivities::new);

  static final class Suite extends LookoutContract {
    @Override
    protected LookoutFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<LookoutFixture>(LookoutContract.class)
        .add(
            "effect lost",
            with(DoesNothing::new),
            "letsTheLoopThatRunsLookNow",
            "startsALoopThatDoesNotRun",
            "startsALoopThatHasEnded")
        .add("effect twice", with(AlwaysStarts::new), "hasOneLoopHoweverOftenItIsAsked")
        .add("tells every loop", with(TellsAll::new), "leavesOtherLoopsAlone")
        .tests(Suite.class, next -> fixture = next);
  }

  private static Supplier<LookoutFixture> with(Supplier<FakeLookoutActivities> adapter) {
    return () -> new FakeLookoutFixture(adapter.get());
  }

  private static final class DoesNothing extends FakeLookoutActivities {
    @Override
    public Done watchRule(WatchRule request) {
      return new Done(true, Attempts.current());
    }
  }

  private static final class AlwaysStarts extends FakeLookoutActivities {
    @Override
    public Done watchRule(WatchRule request) {
      end(request.ruleId());
      return super.watchRule(request);
    }
  }

  private static final class TellsAll extends FakeLookoutActivities {
    @Override
    public Done watchRule(WatchRule request) {
      super.watchRule(new WatchRule("berlin/folder/prod", "all of them"));
      return super.watchRule(request);
    }
  }
}
