package io.switchback.port;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about admission; the suite notices. */
final class AdmissionMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeAdmissionActivities::new);

  static final class Suite extends AdmissionContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new AdapterMutants<FakeRegistry, AdmissionActivities, RegistryFixture>(
            AdmissionContract.class, AdmissionMutantsTest::with)
        .add(
            "effect lost",
            registry ->
                new FakeAdmissionActivities(registry) {
                  @Override
                  void lease(Map<String, Instant> leases, Admit request) {}
                },
            "admitsAsManyAsTheCapAllows")
        .add(
            "one cap for all sites",
            registry ->
                admitting(
                    registry,
                    request ->
                        new AdmissionActivities.Admit(
                            "berlin", request.cap(), request.holder(), request.limit())),
            "capsEachSiteByItself")
        .add(
            "one cap for starts and transfers",
            registry ->
                admitting(
                    registry,
                    request ->
                        new AdmissionActivities.Admit(
                            request.site(),
                            AdmissionActivities.Cap.STARTING,
                            request.holder(),
                            request.limit())),
            "capsTransfersBesideStartsWhoeverHoldsBoth")
        .add(
            "effect twice",
            registry ->
                admitting(
                    registry,
                    request ->
                        new AdmissionActivities.Admit(
                            request.site(),
                            request.cap(),
                            request.holder() + "/" + Attempts.current(),
                            request.limit())),
            "admitsAHolderOnceHoweverOftenItAsks")
        .add("never prolongs", NeverProlongs::new, "prolongsTheLeaseOfAHolderThatAsksAgain")
        .add(
            "leases for ever",
            registry ->
                admitting(
                    registry,
                    request ->
                        new AdmissionActivities.Admit(
                            request.site(), request.cap(), request.holder(), Duration.ofDays(1))),
            "endsALeaseThatIsNotGivenBack")
        .add(
            "never takes a lease back",
            registry ->
                new FakeAdmissionActivities(registry) {
                  @Override
                  public Done dismiss(Dismiss request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "makesRoomWhenALeaseIsGivenBack",
            "answersUnchangedWhenThereIsNoLeaseToGiveBack",
            "saysThatTheRegistryDoesNotAnswer")
        .add(
            "counts first and leases later",
            CountsThenLeases::new,
            "admitsOneOfTwoThatAskForTheLastPlaceAtOnce")
        .tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, AdmissionActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public AdmissionActivities admission() {
        return adapter.apply(registry);
      }
    };
  }

  private static FakeAdmissionActivities admitting(
      FakeRegistry registry, Function<AdmissionActivities.Admit, AdmissionActivities.Admit> wrong) {
    return new FakeAdmissionActivities(registry) {
      @Override
      public Done admit(Admit request) {
        return super.admit(wrong.apply(request));
      }
    };
  }

  private static final class NeverProlongs extends FakeAdmissionActivities {
    NeverProlongs(FakeRegistry registry) {
      super(registry);
    }

    @Override
    void lease(Map<String, Instant> leases, Admit request) {
      if (!leases.containsKey(request.holder())) {
        super.lease(leases, request);
      }
    }
  }

  /** As if two had counted before either was admitted: both get the last place. */
  private static final class CountsThenLeases extends FakeAdmissionActivities {
    CountsThenLeases(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Done admit(Admit request) {
      registry.cap(request.site(), request.cap(), 2);
      return super.admit(request);
    }
  }
}
