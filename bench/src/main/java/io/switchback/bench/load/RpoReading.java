package io.switchback.bench.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How old each VM's newest restore point ever became.
 *
 * @param worst by replica id
 */
record RpoReading(Map<String, Duration> worst) {
  RpoReading {
    worst = Map.copyOf(worst);
  }

  /**
   * Reads the ages from {@code from} to {@code to}: a point ages until the next one is recorded,
   * and is then as old as the time since the moment that it is of.
   */
  static RpoReading of(Collection<PointSeen> points, Instant from, Instant to) {
    Map<String, List<PointSeen>> byReplica = new TreeMap<>();
    points.forEach(
        point -> byReplica.computeIfAbsent(point.replicaId(), id -> new ArrayList<>()).add(point));
    Map<String, Duration> worst = new TreeMap<>();
    byReplica.forEach((replica, own) -> worst.put(replica, worst(own, from, to)));
    return new RpoReading(worst);
  }

  private static Duration worst(List<PointSeen> own, Instant from, Instant to) {
    own.sort(Comparator.comparing(PointSeen::recordedAt));
    Duration worst = Duration.ZERO;
    for (int i = 0; i < own.size(); i++) {
      boolean isLast = i == own.size() - 1;
      Instant replaced = isLast ? to : own.get(i + 1).recordedAt();
      Instant until = replaced.isBefore(to) ? replaced : to;
      if (until.isAfter(from) && own.get(i).recordedAt().isBefore(to)) {
        Duration age = Duration.between(own.get(i).takenAt(), until);
        worst = age.compareTo(worst) > 0 ? age : worst;
      }
    }
    return worst;
  }

  /** VMs whose newest point was never older than that. */
  long held(Duration objective) {
    return worst.values().stream().filter(age -> age.compareTo(objective) <= 0).count();
  }
}
