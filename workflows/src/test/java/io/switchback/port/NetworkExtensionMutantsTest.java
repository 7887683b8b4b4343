package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Extensions that break a promise; the suite notices. */
final class NetworkExtensionMutantsTest {
  private static Supplier<NetworkExtensionFixture> fixture =
      () -> new FakeNetworkExtensionFixture(new FakeNetworkExtensionActivities());

  static final class Suite extends NetworkExtensionContract {
    @Override
    protected NetworkExtensionFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<NetworkExtensionFixture>(NetworkExtensionContract.class)
        .add(
            "effect lost",
            with(LosesTheReplica::new),
            "opensOneSideByEachCall",
            "saysWhetherTheReplicaIsCountedInAndChangesNothing",
            "countsAReplicaInOnceHoweverOftenItIsAsked",
            "countsTheReplicaOutOfBothSides",
            "keepsTheExtensionForTheOthersUntilTheLastOneLeaves")
        .add("opens both sides at once", with(OpensBothSides::new), "opensOneSideByEachCall")
        .add("effect twice", with(CountsEachCall::new), "countsAReplicaInOnceHoweverOftenItIsAsked")
        .add("takes a degraded tunnel for up", with(AlwaysUp::new), "saysHowTheSideIsAndWhy")
        .add(
            "tears down what others use",
            with(TearsDownForAll::new),
            "keepsTheExtensionForTheOthersUntilTheLastOneLeaves")
        .add(
            "always says that it left",
            with(AlwaysLeft::new),
            "answersUnchangedWhenTheReplicaIsNotCountedIn")
        .add(
            "leaves the recovery side only",
            with(LeavesOneSide::new),
            "countsTheReplicaOutOfBothSides")
        .add(
            "works on without the site, in silence",
            with(AsksNobody::new),
            "saysThatTheSiteDoesNotAnswer",
            "namesAReplicaThatTheSiteDoesNotKnow",
            "heartbeatsWhileItOpensAndLeaves")
        .tests(Suite.class, next -> fixture = next);
  }

  private static Supplier<NetworkExtensionFixture> with(
      Supplier<FakeNetworkExtensionActivities> adapter) {
    return () -> new FakeNetworkExtensionFixture(adapter.get());
  }

  private static final class LosesTheReplica extends FakeNetworkExtensionActivities {
    @Override
    synchronized NetworkState open(OpenExtension request) {
      NetworkState state = super.open(request);
      counted.values().forEach(Set::clear);
      return state;
    }
  }

  private static final class OpensBothSides extends FakeNetworkExtensionActivities {
    @Override
    synchronized NetworkState open(OpenExtension request) {
      super.open(new OpenExtension(request.mandate(), request.replica(), Side.PRODUCTION));
      return super.open(request);
    }
  }

  private static final class CountsEachCall extends FakeNetworkExtensionActivities {
    @Override
    synchronized NetworkState open(OpenExtension request) {
      counted.values().forEach(Set::clear);
      return super.open(request);
    }
  }

  private static final class AlwaysUp extends FakeNetworkExtensionActivities {
    @Override
    synchronized NetworkState open(OpenExtension request) {
      NetworkState state = super.open(request);
      return new NetworkState(state.side(), Condition.UP, state.detail(), state.attempt());
    }
  }

  private static final class TearsDownForAll extends FakeNetworkExtensionActivities {
    @Override
    synchronized Done leave(LeaveExtension request) {
      Done done = super.leave(request);
      counted.values().forEach(Set::clear);
      return done;
    }
  }

  private static final class AlwaysLeft extends FakeNetworkExtensionActivities {
    @Override
    synchronized Done leave(LeaveExtension request) {
      return new Done(true, super.leave(request).attempt());
    }
  }

  private static final class LeavesOneSide extends FakeNetworkExtensionActivities {
    @Override
    synchronized Done leave(LeaveExtension request) {
      Set<String> production = Set.copyOf(counted(Side.PRODUCTION));
      Done done = super.leave(request);
      counted.computeIfPresent(
          Side.PRODUCTION, (side, none) -> new java.util.LinkedHashSet<>(production));
      return done;
    }
  }

  private static final class AsksNobody extends FakeNetworkExtensionActivities {
    @Override
    public NetworkState openExtension(OpenExtension request) {
      return new NetworkState(request.side(), Condition.UP, "Surely.", Attempts.current());
    }

    @Override
    public Done leaveExtension(LeaveExtension request) {
      try {
        return super.leave(request);
      } catch (FaultException fault) {
        return new Done(fault.fault() != Fault.SITE_UNREACHABLE, Attempts.current());
      }
    }
  }
}
