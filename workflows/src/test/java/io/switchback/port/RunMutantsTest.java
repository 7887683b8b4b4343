package io.switchback.port;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about runs; the suite notices. */
final class RunMutantsTest {
  private static Supplier<RunFixture> fixture = () -> new FakeRunFixture(new FakeRunActivities());

  static final class Suite extends RunContract {
    @Override
    protected RunFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<RunFixture>(RunContract.class)
        .add(
            "takes every run for closed",
            () -> answering(RunActivities.Liveness.CLOSED),
            "aRunThatGoesOnLives",
            "aClosedRunLivesOnInALaterOneOfItsWorkflowId",
            "aRunThatTemporalDoesNotKnowIsUnknown")
        .add(
            "takes every run for live",
            () -> answering(RunActivities.Liveness.LIVE),
            "aRunThatWasTerminatedIsClosed",
            "whoAsksUnderTheSameWorkflowIdIsNotCounted")
        .tests(Suite.class, next -> fixture = next);
  }

  private static RunFixture answering(RunActivities.Liveness always) {
    return new FakeRunFixture(
        new FakeRunActivities() {
          @Override
          public RunView lookAtRun(LookAtRun request) {
            return new RunView(always, String.join(" ", List.copyOf(runs)));
          }
        });
  }
}
