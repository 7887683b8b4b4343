package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Looks at guests that break a promise; the suite notices. */
final class VerifyMutantsTest {
  private static Supplier<VerifyFixture> fixture = with(FakeVerifyActivities::new);

  static final class Suite extends VerifyContract {
    @Override
    protected VerifyFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<VerifyFixture>(VerifyContract.class)
        .add(
            "finds every guest dead",
            with(FindsAllDead::new),
            "passesWhatAnswersAsWanted",
            "triesUntilItPasses",
            "answersEveryCheckInTheOrderAsked")
        .add("tries once", with(TriesOnce::new), "triesUntilItPasses")
        .add(
            "believes everything",
            with(BelievesEverything::new),
            "givesUpWhenTheLimitEndsAndAnswersThat",
            "answersEveryCheckInTheOrderAsked")
        .add(
            "makes a fault of a check that does not pass",
            with(Throws::new),
            "givesUpWhenTheLimitEndsAndAnswersThat",
            "answersEveryCheckInTheOrderAsked")
        .add(
            "leaves the place of the address open",
            with(LeavesThePlace::new),
            "putsTheServiceAddressIntoTheCheck")
        .add("turns the order round", with(TurnsRound::new), "answersEveryCheckInTheOrderAsked")
        .add(
            "adds a check of its own",
            with(AddsACheck::new),
            "hasNotPassedWithoutACheck",
            "passesWhatAnswersAsWanted")
        .add(
            "works in silence and counts no attempts",
            with(Silent::new),
            "heartbeatsWhileTheGuestTakesItsTime",
            "saysWhichAttemptAnswers")
        .tests(Suite.class, next -> fixture = next);
  }

  private static Supplier<VerifyFixture> with(Supplier<FakeVerifyActivities> adapter) {
    return () -> new FakeVerifyFixture(adapter.get());
  }

  private static final class FindsAllDead extends FakeVerifyActivities {
    @Override
    boolean passes(Check check, String vmId, int tried) {
      return false;
    }
  }

  private static final class TriesOnce extends FakeVerifyActivities {
    @Override
    boolean passes(Check check, String vmId, int tried) {
      return tried == 0 && super.passes(check, vmId, tried);
    }
  }

  private static final class BelievesEverything extends FakeVerifyActivities {
    @Override
    boolean passes(Check check, String vmId, int tried) {
      return true;
    }
  }

  private static final class Throws extends FakeVerifyActivities {
    @Override
    CheckResult run(Check check, VerifyGuest request) {
      CheckResult result = super.run(check, request);
      if (!result.passed()) {
        throw new FaultException(Fault.CHECK_FAILED, result.detail());
      }
      return result;
    }
  }

  private static final class LeavesThePlace extends FakeVerifyActivities {
    @Override
    String name(Check check, @Nullable String serviceAddress) {
      return super.name(check, null);
    }
  }

  private static final class TurnsRound extends FakeVerifyActivities {
    @Override
    public Verification verifyGuest(VerifyGuest request) {
      Verification done = super.verifyGuest(request);
      List<CheckResult> sorted = new ArrayList<>(done.results());
      sorted.sort((one, other) -> Boolean.compare(one.passed(), other.passed()));
      return new Verification(sorted, done.attempt());
    }
  }

  private static final class AddsACheck extends FakeVerifyActivities {
    @Override
    public Verification verifyGuest(VerifyGuest request) {
      Verification done = super.verifyGuest(request);
      List<CheckResult> more = new ArrayList<>(done.results());
      more.add(new CheckResult("looks fine", true, "It does.", java.time.Duration.ZERO));
      return new Verification(more, done.attempt());
    }
  }

  private static final class Silent extends FakeVerifyActivities {
    @Override
    public Verification verifyGuest(VerifyGuest request) {
      // Another thread is in no activity: it has no heartbeat and no attempt.
      return java.util.concurrent.CompletableFuture.supplyAsync(() -> super.verifyGuest(request))
          .join();
    }
  }
}
