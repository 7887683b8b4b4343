package io.switchback.delta;

import io.switchback.delta.TransferProgress.Phase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Makes percent, rate and remaining time out of what a transfer has done at some moments.
 *
 * <p>How much there is to copy is known only after the comparison, and how fast the sink reads only
 * in the proof. So each phase has a share of the whole, as experience tells, that is divided anew
 * among those that are left whenever one begins. For use by one thread.
 */
final class Forecast {
  /** What was done longer ago says nothing of now. */
  private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

  /** A shorter look says nothing yet. */
  private static final long LEAST_NANOS = Duration.ofSeconds(2).toNanos();

  private final Deque<Sample> samples = new ArrayDeque<>();
  private Phase phase = Phase.AUDIT;
  private boolean isBegun;
  private double percent;
  private double phaseStart;
  private double phaseEnd;

  private record Sample(long nanos, long doneBytes) {}

  private static int share(Phase phase) {
    return switch (phase) {
      case AUDIT -> 2;
      case COMPARE -> 48;
      case COPY -> 37;
      case FLUSH -> 1;
      case PROOF -> 12;
    };
  }

  /**
   * @param nanos of a clock that never goes back
   * @param doneBytes of {@code totalBytes} of the phase
   */
  Outlook at(long nanos, Phase now, long doneBytes, long totalBytes) {
    if (!isBegun || now != phase) {
      begin(now);
    }
    samples.addLast(new Sample(nanos, doneBytes));
    while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
    double part = totalBytes == 0 ? 1 : Math.clamp((double) doneBytes / totalBytes, 0, 1);
    double reached = phaseStart + (phaseEnd - phaseStart) * part;
    percent = Math.clamp(reached, percent, 100);
    double rate = rate();
    return new Outlook(percent, (long) rate, remaining(reached, rate, totalBytes - doneBytes));
  }

  private void begin(Phase next) {
    int left = 0;
    for (Phase one : Phase.values()) {
      left += one.compareTo(next) >= 0 ? share(one) : 0;
    }
    phaseStart = isBegun ? phaseEnd : 0;
    phaseEnd = phaseStart + (100 - phaseStart) * share(next) / left;
    phase = next;
    isBegun = true;
    samples.clear();
  }

  /** Bytes per second; 0 when it is not known. */
  private double rate() {
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    long bytes = Math.max(0, last.doneBytes() - first.doneBytes());
    return nanos < LEAST_NANOS ? 0 : bytes * 1e9 / nanos;
  }

  private Optional<Duration> remaining(double reached, double rate, long leftBytes) {
    // The audit is so short, and its share so small, that its speed tells nothing of the rest.
    boolean canBeTold = phase == Phase.COMPARE || phase == Phase.COPY || phase == Phase.PROOF;
    if (!canBeTold || rate < 1 || leftBytes <= 0 || reached >= phaseEnd) {
      return Optional.empty();
    }
    double seconds = leftBytes / rate * (100 - reached) / (phaseEnd - reached);
    return Optional.of(Duration.ofSeconds(Math.round(seconds)));
  }
}
