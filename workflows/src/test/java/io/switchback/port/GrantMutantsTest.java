package io.switchback.port;

import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.port.GrantActivities.GrantRead;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about grants; the suite notices. */
final class GrantMutantsTest {
  private static Supplier<GrantFixture> fixture = with(FakeGrantActivities::new);

  static final class Suite extends GrantContract {
    @Override
    protected GrantFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<GrantFixture>(GrantContract.class)
        .add(
            "signs for another disk",
            signing(asked -> changed(asked, "disk-1", asked.holder(), asked.mandate())),
            "opensWhatWasAskedForAndOpensItAgain")
        .add(
            "signs for another site",
            signing(asked -> changed(asked, asked.disk(), "bremen", asked.mandate())),
            "opensForNobodyElse")
        .add(
            "leaves the fence out",
            signing(asked -> changed(asked, asked.disk(), asked.holder(), unfenced(asked))),
            "opensNoMoreOnceANewerOneHas")
        .add(
            "signs what opens everything",
            with(
                clock ->
                    new FakeGrantActivities(clock) {
                      @Override
                      boolean opens(String grant, GrantRead use) {
                        return true;
                      }
                    }),
            "opensNothingElse")
        .add("is good for weeks", lasting(Duration.ofDays(14)), "saysUntilWhenItIsGood")
        .add("is over at once", lasting(Duration.ZERO), "saysUntilWhenItIsGood")
        .add(
            "signs without a key",
            with(
                clock ->
                    new FakeGrantActivities(clock) {
                      @Override
                      void requireKey() {}
                    }),
            "saysThatThereIsNoKey")
        .tests(Suite.class, next -> fixture = next);
  }

  private static Supplier<GrantFixture> with(
      Function<Supplier<Instant>, FakeGrantActivities> adapter) {
    return () -> new FakeGrantFixture(adapter);
  }

  private static Supplier<GrantFixture> lasting(Duration time) {
    return with(
        clock -> {
          FakeGrantActivities adapter = new FakeGrantActivities(clock);
          adapter.lasting(time);
          return adapter;
        });
  }

  private static Supplier<GrantFixture> signing(UnaryOperator<GrantRead> change) {
    return with(
        clock ->
            new FakeGrantActivities(clock) {
              @Override
              String text(GrantRead request) {
                return super.text(change.apply(request));
              }
            });
  }

  private static GrantRead changed(GrantRead asked, String disk, String holder, Mandate mandate) {
    return new GrantRead(
        mandate, asked.vm(), disk, asked.snapshot(), asked.capacityBytes(), holder);
  }

  private static Mandate unfenced(GrantRead asked) {
    return new Mandate(
        asked.mandate().operationId(), asked.mandate().step(), new Fence(1, 0, 0, 0));
  }
}
