package io.switchback.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When something that fills will be full, told from how it filled until now. */
public final class Forecast {
  private static final int FEWEST_SAMPLES = 3;

  /** What was seen must be at least this part of what is foretold: a minute tells of 100. */
  private static final int FORESIGHT = 100;

  private Forecast() {}

  /** How much was free at a moment. */
  public record Sample(Instant at, long freeBytes) {}

  /**
   * Time from the last sample until nothing is free, by the straight line that fits best since room
   * was last made.
   *
   * @param samples oldest first
   * @return empty while it does not fill, or too little was seen to tell
   */
  public static Optional<Duration> fullIn(List<Sample> samples) {
    List<Sample> since = samples.subList(lastGain(samples), samples.size());
    if (since.size() < FEWEST_SAMPLES) {
      return Optional.empty();
    }
    double bytesPerSecond = -slope(since);
    Sample last = since.getLast();
    if (last.freeBytes() <= 0) {
      return Optional.of(Duration.ZERO);
    }
    double seconds = last.freeBytes() / bytesPerSecond;
    double seen = seconds(since.getFirst(), last);
    return bytesPerSecond <= 0 || seconds > seen * FORESIGHT
        ? Optional.empty()
        : Optional.of(Duration.ofMillis((long) (seconds * 1000)));
  }

  /**
   * Room that was made, by a restore point that went or by a person, says nothing of how fast it
   * fills. A gain smaller than what was lost before it is part of the same filling.
   */
  private static int lastGain(List<Sample> samples) {
    int from = 0;
    for (int i = 1; i < samples.size(); i++) {
      long lost = samples.get(from).freeBytes() - samples.get(i - 1).freeBytes();
      if (samples.get(i).freeBytes() - samples.get(i - 1).freeBytes() > lost) {
        from = i;
      }
    }
    return from;
  }

  private static double slope(List<Sample> samples) {
    Sample origin = samples.getFirst();
    double meanX = samples.stream().mapToDouble(s -> seconds(origin, s)).average().orElse(0);
    double meanY = samples.stream().mapToDouble(Sample::freeBytes).average().orElse(0);
    double xy = 0;
    double xx = 0;
    for (Sample sample : samples) {
      double x = seconds(origin, sample) - meanX;
      xy += x * (sample.freeBytes() - meanY);
      xx += x * x;
    }
    return xx == 0 ? 0 : xy / xx;
  }

  private static double seconds(Sample from, Sample to) {
    return Duration.between(from.at(), to.at()).toNanos() / 1e9;
  }
}
