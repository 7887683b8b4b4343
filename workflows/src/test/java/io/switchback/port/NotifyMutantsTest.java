package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about calling people; the suite notices. */
final class NotifyMutantsTest {
  private static Supplier<NotifyFixture> fixture = with(FakeNotifyActivities::new);

  static final class Suite extends NotifyContract {
    @Override
    protected NotifyFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<NotifyFixture>(NotifyContract.class)
        .add(
            "effect lost",
            with(CallsNobody::new),
            "callsOncePerAttempt",
            "givesARepetitionTheSameIdSoThatTheReceiverCanTell",
            "answersThatNobodyWasCalledWhenTheCallIsRefused")
        .add("effect twice", with(CallsTwice::new), "callsOncePerAttempt")
        .add(
            "a new id for each attempt",
            with(NumbersCalls::new),
            "givesARepetitionTheSameIdSoThatTheReceiverCanTell")
        .add(
            "calls without a log",
            with(LogsNothing::new),
            "writesALineToTheLogAlsoWhenNobodyCanBeCalled",
            "answersThatNobodyWasCalledWhenNothingIsConfigured")
        .add(
            "makes a fault of a dead line",
            with(Throws::new),
            "answersThatNobodyWasCalledWhenTheLineIsDead",
            "writesALineToTheLogAlsoWhenNobodyCanBeCalled")
        .add(
            "always says that somebody was called",
            with(AlwaysCalled::new),
            "answersThatNobodyWasCalledWhenTheLineIsDead",
            "answersThatNobodyWasCalledWhenTheCallIsRefused",
            "answersThatNobodyWasCalledWhenNothingIsConfigured")
        .tests(Suite.class, next -> fixture = next);
  }

  private static Supplier<NotifyFixture> with(Supplier<FakeNotifyActivities> adapter) {
    return () -> new FakeNotifyFixture(adapter);
  }

  private static final class CallsNobody extends FakeNotifyActivities {
    @Override
    void call(Notice request) {}
  }

  private static final class CallsTwice extends FakeNotifyActivities {
    @Override
    void call(Notice request) {
      super.call(request);
      super.call(request);
    }
  }

  private static final class NumbersCalls extends FakeNotifyActivities {
    @Override
    void call(Notice request) {
      super.call(
          new Notice(
              request.id() + "/" + Attempts.current(), "", "", "", "", "", "", "", List.of()));
    }
  }

  private static final class LogsNothing extends FakeNotifyActivities {
    @Override
    void log(Notice request) {}
  }

  private static final class Throws extends FakeNotifyActivities {
    @Override
    Paged answer(Line was) {
      if (was == Line.DEAD) {
        throw new FaultException(Fault.SITE_UNREACHABLE, "Could not call anybody.");
      }
      return super.answer(was);
    }
  }

  private static final class AlwaysCalled extends FakeNotifyActivities {
    @Override
    Paged answer(Line was) {
      return super.answer(Line.UP);
    }
  }
}
