package io.switchback.port;

import io.switchback.model.Drift;
import io.switchback.model.Forecast.Sample;
import io.switchback.port.WatchActivities.Outlook;
import io.switchback.port.WatchActivities.Sighted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a {@link FakeRegistry}, which guards it, keeps of how the estate is found. */
public final class FakeWatch {
  final Map<String, List<Drift>> drift = new LinkedHashMap<>();
  final Map<String, Sighted> sighted = new LinkedHashMap<>();
  final Map<String, Instant> productionOff = new LinkedHashMap<>();
  final Map<String, Outlook> outlooks = new LinkedHashMap<>();
  final Map<String, List<Sample>> samples = new LinkedHashMap<>();
  final Map<String, Instant> measured = new LinkedHashMap<>();
  final Map<String, Set<Integer>> told = new LinkedHashMap<>();
  final Map<String, Long> rates = new LinkedHashMap<>();

  FakeWatch() {}

  /** What is found wrong with the replica now. */
  public List<Drift> drift(String replicaId) {
    return List.copyOf(open(replicaId));
  }

  /** How fast the replica's production VM writes. */
  public void writes(String replicaId, long bytesPerHour) {
    rates.put(replicaId, bytesPerHour);
  }

  List<Drift> open(String replicaId) {
    return drift.computeIfAbsent(replicaId, id -> new ArrayList<>());
  }
}
