package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.OperationCaps.Limits;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationCapsTest {
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ExecutorService others = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    others.shutdownNow();
  }

  @Test
  void admitsSoManyAtTheVCenter() throws Exception {
    OperationCaps caps = caps(2, 8, NO_WAIT);

    String done =
        caps.admit(
            "one",
            "host-1",
            () ->
                caps.admit(
                    "two",
                    "",
                    () -> {
                      assertBusy(caps, "host-2", "the vCenter of site 'berlin' has 2 operations");
                      return "both";
                    }));

    assertThat(done).isEqualTo("both");
    assertThat(caps.<String>admit("three", "host-2", () -> "later")).isEqualTo("later");
  }

  @Test
  void admitsSoManyOnAHost() throws Exception {
    OperationCaps caps = caps(8, 1, NO_WAIT);

    String done =
        caps.admit(
            "one",
            "host-1",
            () -> {
              assertBusy(caps, "host-1", "host 'host-1' of site 'berlin' has 1 operations");
              return caps.admit("two", "host-2", () -> "on another host");
            });

    assertThat(done).isEqualTo("on another host");
  }

  @Test
  void givesTheTurnBackAlsoWhenItFails() throws Exception {
    OperationCaps caps = caps(1, 1, NO_WAIT);

    assertThatThrownBy(
            () ->
                caps.admit(
                    "one",
                    "host-1",
                    () -> {
                      throw new RemoteException("lost");
                    }))
        .hasMessage("lost");
    assertThat(caps.<String>admit("two", "host-1", () -> "next")).isEqualTo("next");
  }

  @Test
  void whoWaitsForABusyHostKeepsNobodyFromAnother() throws Exception {
    OperationCaps caps = caps(2, 1, LONG);
    CountDownLatch isBusy = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Future<String> first =
        others.submit(
            () ->
                caps.admit(
                    "one",
                    "host-1",
                    () -> {
                      isBusy.countDown();
                      return wait(end) ? "first" : "late";
                    }));
    assertThat(isBusy.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Thread> waiter = new CompletableFuture<>();
    Future<String> waiting =
        others.submit(
            () -> {
              waiter.complete(Thread.currentThread());
              return caps.admit("two", "host-1", () -> "second");
            });
    var _ = awaitsItsTurn(waiter.get(10, TimeUnit.SECONDS));

    assertThat(caps.<String>admit("three", "host-2", () -> "third")).isEqualTo("third");
    assertThat(waiting.isDone()).isFalse();
    end.countDown();

    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("first");
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("second");
  }

  @Test
  void waitingForOnesTurnIsNotTheTimeThatATaskMayRun() throws Exception {
    OperationCaps caps =
        new OperationCaps("berlin", new Limits(1, 1, LONG, Duration.ofNanos(1)), what -> {});
    CompletableFuture<Thread> waiter = new CompletableFuture<>();
    AtomicReference<Future<String>> waiting = new AtomicReference<>();
    boolean hasWaited =
        caps.admit(
            "one",
            "host-1",
            () -> {
              waiting.set(
                  others.submit(
                      () -> {
                        waiter.complete(Thread.currentThread());
                        return caps.admit("two", "host-1", () -> "second");
                      }));
              return awaitsItsTurn(waiter.join());
            });

    assertThat(hasWaited).isTrue();
    assertThat(waiting.get().get(10, TimeUnit.SECONDS)).isEqualTo("second");
  }

  private static boolean awaitsItsTurn(Thread waiter) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (waiter.getState() != Thread.State.TIMED_WAITING) {
      assertThat(System.nanoTime()).as("it waits").isLessThan(deadline);
      Thread.onSpinWait();
    }
    return true;
  }

  private static boolean wait(CountDownLatch end) {
    try {
      return end.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      return false;
    }
  }

  private static void assertBusy(OperationCaps caps, String host, String why) {
    assertThatThrownBy(() -> caps.admit("be too many", host, () -> "never"))
        .isInstanceOfSatisfying(
            FaultException.class,
            busy -> {
              assertThat(busy.fault()).isEqualTo(Fault.BUSY);
              assertThat(busy.sentence()).contains(why);
            });
  }

  private static OperationCaps caps(int atOnce, int perHost, Duration patience) {
    return new OperationCaps("berlin", new Limits(atOnce, perHost, patience, LONG), what -> {});
  }
}
