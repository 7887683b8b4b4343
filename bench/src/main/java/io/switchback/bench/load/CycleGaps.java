package io.switchback.bench.load;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Cycle numbers that were given out and never became a restore point. */
final class CycleGaps {
  private CycleGaps() {}

  /**
   * How many there are between the first and the last point of each VM that is after {@code from}.
   */
  static long count(Collection<PointSeen> points, Instant from) {
    Map<String, TreeSet<Long>> cycles = new TreeMap<>();
    points.stream()
        .filter(point -> point.recordedAt().isAfter(from))
        .forEach(
            point ->
                cycles
                    .computeIfAbsent(point.replicaId(), replica -> new TreeSet<>())
                    .add(point.cycle()));
    return cycles.values().stream()
        .mapToLong(seen -> seen.last() - seen.first() + 1 - seen.size())
        .sum();
  }
}
