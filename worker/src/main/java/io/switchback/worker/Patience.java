package io.switchback.worker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again until a service is there: a worker waits for it and does not exit. */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * Answers what {@code attempt} answers at last.
   *
   * @throws InterruptedException when {@link #stop} was called first
   */
  <T> T until(String service, Callable<T> attempt) throws InterruptedException {
    Duration pause = Duration.ofMillis(200);
    while (true) {
      try {
        return attempt.call();
      } catch (InterruptedException stop) {
        throw stop;
      } catch (Exception notYet) {
        LOG.info("waiting for {}, because={}", service, notYet.getMessage());
      }
      if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new InterruptedException("the worker stops");
      }
      pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
    }
  }

  void stop() {
    stopped.countDown();
  }
}
