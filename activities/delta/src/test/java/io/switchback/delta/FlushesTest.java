package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FlushesTest {
  private final Flushes flushes = Flushes.named("the disk");
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void aFailureIsNeverTriedAgain() throws Exception {
    flushes.flush(done::incrementAndGet);
    assertThatIOException().isThrownBy(() -> flushes.flush(FlushesTest::fail));

    assertThatIOException()
        .isThrownBy(() -> flushes.flush(done::incrementAndGet))
        .withMessageContaining("may be lost")
        .withMessageContaining("Input/output error")
        .withMessageContaining("Open the disk again");
    assertThatIOException().isThrownBy(() -> flushes.flushIfNobodyDoes(done::incrementAndGet));
    assertThatIOException().isThrownBy(flushes::check);
    assertThat(done).hasValue(1);
  }

  private static void fail() throws IOException {
    throw new IOException("Input/output error");
  }

  @Test
  void aFailureInTheBackgroundIsToldToTheNext() {
    assertThatIOException().isThrownBy(() -> flushes.flushIfNobodyDoes(FlushesTest::fail));

    assertThatIOException().isThrownBy(() -> flushes.flush(done::incrementAndGet));
  }

  @Test
  void whatBreaksUnexpectedlySticksToo() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                flushes.flush(
                    () -> {
                      throw new IllegalStateException("a bug");
                    }));

    assertThatIOException().isThrownBy(() -> flushes.flush(done::incrementAndGet));
  }

  @Test
  void aFullDiskStaysAFullDisk() {
    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(
            () ->
                flushes.flush(
                    () -> {
                      throw new DiskFullException("no space");
                    }));

    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> flushes.flush(done::incrementAndGet));
  }

  @Test
  void whoIsFencedHasLostNothing() throws Exception {
    assertThatExceptionOfType(FencedException.class)
        .isThrownBy(
            () ->
                flushes.flush(
                    () -> {
                      throw new FencedException("a newer holder is known");
                    }));

    flushes.flush(done::incrementAndGet);
    assertThat(done).hasValue(1);
  }

  @Test
  @Timeout(20)
  void whoWaitedForOneThatFailsFailsToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first =
          threads.submit(
              () -> {
                flushes.flush(
                    () -> {
                      begun.countDown();
                      await(other);
                      fail();
                    });
                return null;
              });
      begun.await();
      Future<?> second =
          threads.submit(
              () -> {
                other.countDown();
                flushes.flush(done::incrementAndGet);
                return null;
              });
      assertThatExceptionOfType(ExecutionException.class).isThrownBy(first::get);
      assertThatExceptionOfType(ExecutionException.class).isThrownBy(second::get);
    }
    assertThat(done).hasValue(0);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }
}
