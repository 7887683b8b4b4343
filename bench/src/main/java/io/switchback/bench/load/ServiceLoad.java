package io.switchback.bench.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the services did while it was measured.
 *
 * @param processes CPU seconds used meanwhile, and memory at the end, by name of the process
 * @param postgres what PostgreSQL did meanwhile
 * @param temporal what Temporal wrote meanwhile of the loops
 */
record ServiceLoad(
    Map<String, ProcessUse> processes,
    RegistryWatch.PostgresWork postgres,
    LoopHistories.Length temporal,
    Duration lasting) {
  ServiceLoad {
    processes = Map.copyOf(processes);
  }

  /** The counters at one moment. */
  record Counters(
      Map<String, ProcessUse> processes,
      RegistryWatch.PostgresWork postgres,
      LoopHistories.Length temporal,
      long nanos) {
    ServiceLoad since(Counters before) {
      Map<String, ProcessUse> meanwhile = new TreeMap<>();
      processes.forEach(
          (name, now) ->
              meanwhile.put(
                  name,
                  new ProcessUse(
                      now.cpuSeconds()
                          - before.processes.getOrDefault(name, new ProcessUse(0, 0)).cpuSeconds(),
                      now.memoryBytes())));
      return new ServiceLoad(
          meanwhile,
          postgres.since(before.postgres),
          temporal.since(before.temporal),
          Duration.ofNanos(nanos - before.nanos));
    }
  }

  double perSecond(long count) {
    return perSecond((double) count);
  }

  double perSecond(double count) {
    return count * 1e9 / lasting.toNanos();
  }
}
