package io.switchback.port;

import io.switchback.model.NetworkPair;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Appliances that break a promise; the suite notices. */
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
            "keeps what was open",
            with(NeverCloses::new),
            "makesAnEndWithExactlyTheMembersAddresses")
        .add("starts anew each time", with(StartsAnew::new), "leavesAloneWhatIsSoAlready")
        .add("makes the end by looking", with(MakesByLooking::new), "looksAndChangesNothing")
        .add("says that it runs", with(SaysThatItRuns::new), "aDeadDaemonIsSeenAndStartedAgain")
        .add(
            "looks at the daemon alone",
            with(LooksAtTheDaemonAlone::new),
            "whatWasTakenAwayAroundTheDaemonIsSeenAndMadeAgain")
        .add("measures nothing", with(MeasuresNothing::new), "theEndsAnswerEachOther")
        .add("finds nobody", with(FindsNobody::new), "saysWhoElseHasAnAddressOfAllThatItIsAskedFor")
        .add("finds itself", with(FindsItself::new), "theExtensionItselfIsNoOwner")
        .add(
            "measures at the wrong end",
            with(MeasuresThere::new),
            "looksWhetherAnEndCouldStandAndChangesNothing")
        .add("leaves something", with(LeavesSomething::new), "nothingIsLeftAfterATeardown")
        .add("lets the late in", with(LetsTheLateIn::new), "whoComesLateChangesNothing")
        .add(
            "asks nobody",
            with(AsksNobody::new),
            "refusesASideWithoutAnAppliance",
            "heartbeatsAndSaysThatTheApplianceDoesNotAnswer")
        .tests(Suite.class, next -> fixture = next);
  }

  private static Supplier<NetworkExtensionFixture> with(
      Supplier<FakeNetworkExtensionActivities> adapter) {
    return () -> new FakeNetworkExtensionFixture(adapter.get());
  }

  private static final class NeverCloses extends FakeNetworkExtensionActivities {
    @Override
    synchronized EndView converge(ConvergeEnd request) {
      List<String> before = open(request.side());
      EndView view = super.converge(request);
      end(request.side()).open =
          Stream.concat(before.stream(), request.pair().addresses().stream()).distinct().toList();
      return view;
    }
  }

  private static final class StartsAnew extends FakeNetworkExtensionActivities {
    @Override
    synchronized EndView converge(ConvergeEnd request) {
      kill(request.side());
      return super.converge(request);
    }
  }

  private static final class MakesByLooking extends FakeNetworkExtensionActivities {
    @Override
    synchronized EndView look(LookAtEnd request) {
      return converge(new ConvergeEnd(request.pair(), request.side()));
    }
  }

  private static final class SaysThatItRuns extends FakeNetworkExtensionActivities {
    @Override
    synchronized EndView look(LookAtEnd request) {
      EndView view = super.look(request);
      return new EndView(
          isPresent(request.side()),
          view.asked(),
          view.answered(),
          view.roundTrip(),
          "",
          view.attempt());
    }
  }

  private static final class LooksAtTheDaemonAlone extends FakeNetworkExtensionActivities {
    @Override
    synchronized EndView look(LookAtEnd request) {
      EndView view = super.look(request);
      return new EndView(
          end(request.side()).running,
          view.asked(),
          view.answered(),
          view.roundTrip(),
          "",
          view.attempt());
    }
  }

  private static final class MeasuresNothing extends FakeNetworkExtensionActivities {
    @Override
    synchronized EndView look(LookAtEnd request) {
      EndView view = super.look(request);
      return new EndView(view.running(), 3, 0, Duration.ZERO, "", view.attempt());
    }

    @Override
    synchronized EndView converge(ConvergeEnd request) {
      EndView view = super.converge(request);
      return new EndView(view.running(), 3, 0, Duration.ZERO, "", view.attempt());
    }
  }

  private static final class FindsNobody extends FakeNetworkExtensionActivities {
    @Override
    synchronized Owners ask(AskForOwners request) {
      return new Owners(List.of(), Attempts.current());
    }
  }

  private static final class FindsItself extends FakeNetworkExtensionActivities {
    @Override
    synchronized Owners ask(AskForOwners request) {
      open(Side.PRODUCTION).forEach(address -> own(address, "00:50:56:00:00:02"));
      return super.ask(request);
    }
  }

  private static final class MeasuresThere extends FakeNetworkExtensionActivities {
    @Override
    synchronized EndPreflight preflight(Side side) {
      return super.preflight(side == Side.RECOVERY ? Side.PRODUCTION : Side.RECOVERY);
    }
  }

  private static final class LeavesSomething extends FakeNetworkExtensionActivities {
    @Override
    synchronized Done tearDown(TearDownEnd request) {
      Done done = super.tearDown(request);
      end(request.side()).present = true;
      return done;
    }
  }

  private static final class LetsTheLateIn extends FakeNetworkExtensionActivities {
    @Override
    End fenced(NetworkPair pair, Side side) {
      return end(side);
    }
  }

  private static final class AsksNobody extends FakeNetworkExtensionActivities {
    @Override
    <T> T answering(String step, NetworkPair pair, Side side, Supplier<T> act) {
      return act.get();
    }
  }
}
