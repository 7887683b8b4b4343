package io.switchback.port;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about waking loops; the suite notices. */
final class ReplicationMutantsTest {
  private static Supplier<ReplicationFixture> fixture = with(FakeReplicationActivities::new);

  static final class Suite extends ReplicationContract {
    @Override
    protected ReplicationFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<ReplicationFixture>(ReplicationContract.class)
        .add(
            "effect lost",
            with(DoesNothing::new),
            "wakesTheLoopThatRuns",
            "startsALoopThatDoesNotRun",
            "startsALoopThatHasEnded",
            "hasOneLoopHoweverOftenItIsAsked")
        .add(
            "effect twice",
            with(AlwaysStarts::new),
            "wakesTheLoopThatRuns",
            "hasOneLoopHoweverOftenItIsAsked")
        .add(
            "wakes groups whenever it is asked",
            with(WakesGroups::new),
            "startsAGroupsLoopOnceAndWakesItOnlyWhenItShallCycleNow")
        .add(
            "starts a timer and does not wake it",
            with(OnlyStartsTimers::new),
            "startsATimerOnceAndWakesItEachTime")
        .add("a timer each time", with(ManyTimers::new), "startsATimerOnceAndWakesItEachTime")
        .add(
            "starts the timer of a window and does not wake it",
            with(OnlyStartsWindows::new),
            "startsTheTimerOfAWindowOnceAndWakesItEachTime")
        .add(
            "takes a window for a switch",
            with(MixesTimers::new),
            "startsTheTimerOfAWindowOnceAndWakesItEachTime")
        .add(
            "starts a pair's loop and does not wake it",
            with(OnlyStartsPairs::new),
            "startsTheLoopOfAPairOfNetworksOnceAndWakesItEachTime")
        .add("wakes all", with(WakesAll::new), "leavesOtherLoopsAsleep")
        .tests(Suite.class, next -> fixture = next);
  }

  private static Supplier<ReplicationFixture> with(Supplier<FakeReplicationActivities> adapter) {
    return () -> new FakeReplicationFixture(adapter.get());
  }

  private static final class DoesNothing extends FakeReplicationActivities {
    @Override
    synchronized Done wake(WakeReplication request) {
      return new Done(true, Attempts.current());
    }
  }

  private static final class AlwaysStarts extends FakeReplicationActivities {
    @Override
    synchronized Done wake(WakeReplication request) {
      end(request.replicaId());
      return super.wake(request);
    }
  }

  private static final class WakesGroups extends FakeReplicationActivities {
    @Override
    synchronized Done wakeGroupNow(WakeGroup request) {
      return super.wakeGroupNow(new WakeGroup(request.group(), true));
    }
  }

  private static final class OnlyStartsTimers extends FakeReplicationActivities {
    @Override
    synchronized Done time(TimeSwitch request) {
      start(timerKey(request.replicaId()));
      return new Done(true, Attempts.current());
    }
  }

  private static final class ManyTimers extends FakeReplicationActivities {
    @Override
    synchronized Done time(TimeSwitch request) {
      end(timerKey(request.replicaId()));
      return super.time(request);
    }
  }

  private static final class OnlyStartsWindows extends FakeReplicationActivities {
    @Override
    synchronized Done timeTheWindow(TimeWindow request) {
      start(windowKey(request.replicaId()));
      return new Done(true, Attempts.current());
    }
  }

  private static final class OnlyStartsPairs extends FakeReplicationActivities {
    @Override
    synchronized Done extend(ExtendNetworks request) {
      start(pairKey(request.pair()));
      return new Done(true, Attempts.current());
    }
  }

  private static final class MixesTimers extends FakeReplicationActivities {
    @Override
    synchronized Done timeTheWindow(TimeWindow request) {
      var _ = super.timeTheWindow(request);
      return time(new TimeSwitch(request.replicaId(), request.vm(), false));
    }
  }

  private static final class WakesAll extends FakeReplicationActivities {
    @Override
    synchronized Done wake(WakeReplication request) {
      super.wake(new WakeReplication("db-01.2", "db-01"));
      return super.wake(request);
    }
  }
}
