package io.switchback.bench.delta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What one case took, by who did it; the first who was measured is ours. */
final class Measured {
  private final String name;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private long wireBytes;
  private long tagBytes;
  private long changedBytes;

  Measured(String name) {
    this.name = name;
  }

  void add(String who, double took) {
    seconds.computeIfAbsent(who, _ -> new ArrayList<>()).add(took);
  }

  void wire(long onWire, long ofTags, long changed) {
    wireBytes = onWire;
    tagBytes = ofTags;
    changedBytes = changed;
  }

  private double median(String who) {
    List<Double> sorted = seconds.getOrDefault(who, List.of()).stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static boolean isOurs(String who) {
    return who.startsWith("switchback");
  }

  private List<String> ours() {
    return seconds.keySet().stream().filter(Measured::isOurs).toList();
  }

  private List<String> peers() {
    return seconds.keySet().stream().filter(who -> !isOurs(who)).toList();
  }

  /** Lines of a table: case, who, median seconds, and how often ours is as fast. */
  String markdown() {
    return seconds.keySet().stream()
            .map(
                who ->
                    String.format(
                        Locale.ROOT, "| %s | %s | %.2f | %s |", name, who, median(who), times(who)))
            .collect(Collectors.joining("\n"))
        + (wireBytes == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "%n| %s | bytes on the wire | %.1f MB | %.2f of the %.1f MB changed; %.2f MB of them tags |",
                name,
                wireBytes / 1e6,
                (double) wireBytes / changedBytes,
                changedBytes / 1e6,
                tagBytes / 1e6));
  }

  private String times(String who) {
    return isOurs(who)
        ? ""
        : ours().stream()
            .map(our -> String.format(Locale.ROOT, "%.1f × %s", median(who) / median(our), our))
            .collect(Collectors.joining(", "));
  }

  String json() {
    String took =
        seconds.keySet().stream()
            .map(who -> String.format(Locale.ROOT, "\"%s\":%.3f", who, median(who)))
            .collect(Collectors.joining(","));
    String ratios =
        peers().stream()
            .map(
                who ->
                    "\"%s\":{%s}"
                        .formatted(
                            who,
                            ours().stream()
                                .map(
                                    our ->
                                        String.format(
                                            Locale.ROOT,
                                            "\"%s\":%.2f",
                                            our,
                                            median(who) / median(our)))
                                .collect(Collectors.joining(","))))
            .collect(Collectors.joining(","));
    return "{\"case\":\"%s\",\"seconds\":{%s},\"ratio\":{%s},\"bytesOnWire\":%d,\"tagBytes\":%d,\"changedBytes\":%d}"
        .formatted(name, took, ratios, wireBytes, tagBytes, changedBytes);
  }
}
