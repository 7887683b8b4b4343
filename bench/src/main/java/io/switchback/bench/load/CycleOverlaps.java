package io.switchback.bench.load;

import io.switchback.port.Payloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Whether two cycles of one VM were ever at work together, by the effect journals of the sites:
 * what happened to disks and snapshots, and not what anybody says of it.
 *
 * @param cycles that had an effect
 * @param found a sentence for each pair that overlapped
 */
record CycleOverlaps(int cycles, List<String> found) {
  private static final Pattern CYCLE = Pattern.compile("cycle/(.+)/(\\d+)");

  CycleOverlaps {
    found = List.copyOf(found);
  }

  /** From a cycle's first effect at any site to its last. */
  record Span(Instant first, Instant last) {
    Span and(Span other) {
      return new Span(
          first.isBefore(other.first) ? first : other.first,
          last.isAfter(other.last) ? last : other.last);
    }
  }

  static CycleOverlaps read(Collection<Path> sites) throws IOException {
    Map<String, TreeMap<Long, Span>> spans = new TreeMap<>();
    for (Path site : sites) {
      try (BufferedReader lines = Files.newBufferedReader(site.resolve("effects.jsonl"))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.contains("\"cycle/") && line.endsWith("}")) {
            add(spans, Payloads.mapper().readTree(line));
          }
        }
      }
    }
    return of(spans);
  }

  private static void add(Map<String, TreeMap<Long, Span>> spans, JsonNode effect) {
    Matcher cycle = CYCLE.matcher(effect.path("operationId").asString(""));
    if (cycle.matches()) {
      Instant at = Instant.parse(effect.path("at").asString());
      spans
          .computeIfAbsent(cycle.group(1), replica -> new TreeMap<>())
          .merge(Long.valueOf(cycle.group(2)), new Span(at, at), Span::and);
    }
  }

  static CycleOverlaps of(Map<String, TreeMap<Long, Span>> spans) {
    int cycles = 0;
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, TreeMap<Long, Span>> replica : spans.entrySet()) {
      Instant ended = Instant.MIN;
      long before = 0;
      for (Map.Entry<Long, Span> cycle : replica.getValue().entrySet()) {
        cycles++;
        Span span = cycle.getValue();
        if (span.first().isBefore(ended)) {
          found.add(
              "cycle %d of %s began at %s, before cycle %d had ended at %s"
                  .formatted(cycle.getKey(), replica.getKey(), span.first(), before, ended));
        }
        if (span.last().isAfter(ended)) {
          ended = span.last();
          before = cycle.getKey();
        }
      }
    }
    return new CycleOverlaps(cycles, found);
  }
}
