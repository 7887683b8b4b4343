package io.switchback.delta.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ReadAhead;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UnderWayTest {
  private static final int READ = 256 * 1024;

  private final AtomicLong nanos = new AtomicLong();
  private final UnderWay underWay =
      new UnderWay(() -> nanos.addAndGet(Duration.ofMillis(1).toNanos()));

  @Test
  void noMoreIsReadAtOnceThanIsAllowed() throws Exception {
    assertThat(underWay.mostBytes()).isEqualTo(16 * READ);
    readsAtOnce(20, 16);
  }

  @Test
  void aDeviceThatIsNoFasterWithMoreIsReadLittleAtOnce() throws Exception {
    for (int read = 0; read < 2_000; read++) {
      underWay.read(READ, () -> READ);
    }
    int allowed = underWay.mostBytes();
    assertThat(allowed).isLessThanOrEqualTo(2 * ReadAhead.LEAST_BYTES);
    readsAtOnce(6, allowed / READ);
  }

  @Test
  void aReadThatIsAloneIsNeverTooLarge() throws Exception {
    assertThat(underWay.read(1 << 30, () -> 1 << 30)).isEqualTo(1 << 30);
  }

  @Test
  void aReadThatFailsLeavesItsPlace() throws Exception {
    for (int read = 0; read < 100; read++) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () ->
                  underWay.read(
                      READ,
                      () -> {
                        throw new IOException("bad sector");
                      }));
    }
    readsAtOnce(20, 16);
  }

  /** So many threads get to the device while none of them comes back; all do in the end. */
  private void readsAtOnce(int threads, int atOnce) throws InterruptedException {
    AtomicInteger reading = new AtomicInteger();
    CountDownLatch answers = new CountDownLatch(1);
    List<Thread> all =
        Stream.generate(() -> Thread.ofPlatform().start(() -> read(reading, answers)))
            .limit(threads)
            .toList();
    while (reading.get() < atOnce
        || all.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    assertThat(reading).hasValue(atOnce);
    answers.countDown();
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(reading).hasValue(threads);
  }

  private void read(AtomicInteger reading, CountDownLatch answers) {
    try {
      underWay.read(
          READ,
          () -> {
            reading.incrementAndGet();
            try {
              answers.await();
            } catch (InterruptedException stop) {
              throw new IOException(stop);
            }
            return READ;
          });
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
