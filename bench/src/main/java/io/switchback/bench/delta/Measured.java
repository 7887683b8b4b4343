package io.switchback.bench.delta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What one case took, by who did it, and figures that are no times. */
final class Measured {
  private final String name;
  private final Map<String, List<Taken>> taken = new LinkedHashMap<>();
  private final List<String> figures = new ArrayList<>();
  private long wireBytes;
  private long tagBytes;
  private long changedBytes;

  Measured(String name) {
    this.name = name;
  }

  void add(String who, Taken took) {
    taken.computeIfAbsent(who, _ -> new ArrayList<>()).add(took);
  }

  void wire(long onWire, long ofTags, long changed) {
    wireBytes = onWire;
    tagBytes = ofTags;
    changedBytes = changed;
    figures.add(
        row(
            "bytes on the wire",
            String.format(Locale.ROOT, "%.1f MB", wireBytes / 1e6),
            String.format(
                Locale.ROOT,
                "%.2f of the %.1f MB changed; %.2f MB of them tags",
                (double) wireBytes / changedBytes,
                changedBytes / 1e6,
                tagBytes / 1e6)));
  }

  /** One more line of the table. */
  void figure(String what, String value, String remark) {
    figures.add(row(what, value, remark));
  }

  private String row(String who, String value, String remark) {
    return "| %s | %s | | %s | | %s |".formatted(name, who, value, remark);
  }

  double wireRatio() {
    return (double) wireBytes / changedBytes;
  }

  double seconds(String who) {
    return median(who, Taken::seconds);
  }

  double cpuSeconds(String who) {
    return median(who, Taken::cpuSeconds);
  }

  /** How often as long as {@code ours} somebody takes. */
  double ratio(String who, String ours) {
    return seconds(who) / seconds(ours);
  }

  private double median(String who, ToDoubleFunction<Taken> figure) {
    List<Double> sorted =
        taken.getOrDefault(who, List.of()).stream().map(figure::applyAsDouble).sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static boolean isOurs(String who) {
    return who.startsWith("switchback");
  }

  private List<String> ours() {
    return taken.keySet().stream().filter(Measured::isOurs).toList();
  }

  private List<String> peers() {
    return taken.keySet().stream().filter(who -> !isOurs(who)).toList();
  }

  /** Lines of a table: case, who, runs, medians of seconds and CPU seconds, how often ours. */
  String markdown() {
    List<String> lines = new ArrayList<>();
    for (String who : taken.keySet()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %.2f | %s | %s |",
              name,
              who,
              taken.getOrDefault(who, List.of()).size(),
              seconds(who),
              cpuSeconds(who) == 0 ? "" : String.format(Locale.ROOT, "%.2f", cpuSeconds(who)),
              times(who)));
    }
    lines.addAll(figures);
    return String.join("\n", lines);
  }

  private String times(String who) {
    return isOurs(who)
        ? ""
        : ours().stream()
            .map(our -> String.format(Locale.ROOT, "%.1f × %s", ratio(who, our), our))
            .collect(Collectors.joining("; "));
  }

  String json() {
    String took =
        taken.keySet().stream()
            .map(who -> String.format(Locale.ROOT, "\"%s\":%.3f", who, seconds(who)))
            .collect(Collectors.joining(","));
    String ratios =
        peers().stream()
            .map(who -> "\"%s\":{%s}".formatted(who, jsonRatios(who)))
            .collect(Collectors.joining(","));
    return "{\"case\":\"%s\",\"seconds\":{%s},\"ratio\":{%s},\"bytesOnWire\":%d,\"tagBytes\":%d,\"changedBytes\":%d}"
        .formatted(name, took, ratios, wireBytes, tagBytes, changedBytes);
  }

  private String jsonRatios(String who) {
    return ours().stream()
        .map(our -> String.format(Locale.ROOT, "\"%s\":%.2f", our, ratio(who, our)))
        .collect(Collectors.joining(","));
  }
}
