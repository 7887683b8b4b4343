package io.switchback.port;

import static io.switchback.model.PowerState.OFF;

import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about guests; the suite notices. */
final class GuestMutantsTest {
  private static Supplier<SiteFixture> fixture = () -> with(FakeGuestActivities::new);

  static final class Suite extends GuestContract {
    @Override
    protected SiteFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, GuestActivities, SiteFixture> mutants =
        new AdapterMutants<>(GuestContract.class, GuestMutantsTest::with);
    shuttingDown(mutants);
    waiting(mutants);
    fences(mutants);
    answers(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static SiteFixture with(Function<FakeSite, GuestActivities> adapter) {
    return new FakeSiteFixture(FakeVmActivities::new, adapter, FakeSnapshotActivities::new);
  }

  private static void shuttingDown(AdapterMutants<FakeSite, GuestActivities, SiteFixture> mutants) {
    mutants
        .add(
            "pulls the plug of a guest that was to shut down",
            site ->
                new FakeGuestActivities(site) {
                  @Override
                  void shutDown(FakeVm vm, ShutDownGuest request) {
                    vm.power = OFF;
                    site.note(Effect.by(request.mandate(), "powerOff", vm.ref.id()));
                  }
                },
            "shutsDownTheGuestOfAVmThatRuns")
        .add(
            "asks guests of VMs that are off",
            site ->
                new FakeGuestActivities(site) {
                  @Override
                  public GuestShutDown shutDownGuest(ShutDownGuest request) {
                    shutDown(admit(request.vm(), request.mandate()), request);
                    return answer(ShutDownEnd.SHUT_DOWN, "asked");
                  }
                },
            "shutsNothingDownWhenTheVmIsOffAlready",
            "shutsDownOnceWhenTheAnswerOfTheFirstAttemptWasLost")
        .add(
            "every guest shuts down, and none is waited for",
            site ->
                new FakeGuestActivities(site) {
                  @Override
                  public GuestShutDown shutDownGuest(ShutDownGuest request) {
                    site.power(request.vm(), OFF);
                    return answer(ShutDownEnd.SHUT_DOWN, "asked nobody");
                  }
                },
            "answersThatAGuestWithoutToolsCannotBeAskedToShutDown",
            "answersThatTheGuestDidNotShutDownWithinTheLimit",
            "heartbeatsWhileItWaitsForTheGuestToEnd",
            "refusesToShutDownUnderALowerFence");
  }

  private static void waiting(AdapterMutants<FakeSite, GuestActivities, SiteFixture> mutants) {
    mutants
        .add(
            "looks once",
            site -> answering(site, false),
            "waitsUntilTheGuestIsReady",
            "refusesToWaitForTheGuestOfAVmThatIsOff",
            "heartbeatsWhileItWaitsForTheGuest")
        .add(
            "every guest is ready",
            site -> answering(site, true),
            "answersThatTheGuestIsNotReadyWithinTheLimit");
  }

  private static void fences(AdapterMutants<FakeSite, GuestActivities, SiteFixture> mutants) {
    mutants
        .add(
            "keeps the fence only when it acts",
            site ->
                new FakeGuestActivities(site) {
                  @Override
                  public GuestShutDown shutDownGuest(ShutDownGuest request) {
                    return site.power(request.vm()) == OFF
                        ? answer(ShutDownEnd.OFF_ALREADY, "It is off already.")
                        : super.shutDownGuest(request);
                  }
                },
            "hasSeenAFenceAlsoWhenThereWasNothingToShutDown")
        .add(
            "attempt not part of the fence",
            site ->
                new FakeGuestActivities(site) {
                  @Override
                  FakeVm admit(VmRef ref, Mandate mandate) {
                    FakeVm vm = site.vm(ref);
                    if (vm.fence != null && vm.fence.atAttempt(0).equals(mandate.fence())) {
                      return vm;
                    }
                    return super.admit(ref, mandate);
                  }
                },
            "refusesAnEarlierAttemptThatWakesUpLate");
  }

  private static void answers(AdapterMutants<FakeSite, GuestActivities, SiteFixture> mutants) {
    mutants
        .add(
            "counts no attempts",
            site ->
                new FakeGuestActivities(site) {
                  @Override
                  public GuestShutDown shutDownGuest(ShutDownGuest request) {
                    GuestShutDown ended = super.shutDownGuest(request);
                    return new GuestShutDown(ended.end(), ended.detail(), 1);
                  }
                },
            "saysWhichAttemptAnswers")
        .add(
            "takes no answer for a guest that is not ready",
            site ->
                new FakeGuestActivities(site) {
                  @Override
                  public GuestReadiness awaitGuest(AwaitGuest request) {
                    try {
                      return super.awaitGuest(request);
                    } catch (FaultException nobodyAnswers) {
                      return new GuestReadiness(false, "nobody answers", null, Attempts.current());
                    }
                  }
                },
            "namesAVmThatTheHypervisorDoesNotKnow",
            "saysThatTheSiteDoesNotAnswer");
  }

  private static FakeGuestActivities answering(FakeSite site, boolean ready) {
    return new FakeGuestActivities(site) {
      @Override
      public GuestReadiness awaitGuest(AwaitGuest request) {
        return new GuestReadiness(ready, "looked once", "127.0.0.1:80", Attempts.current());
      }
    };
  }
}
