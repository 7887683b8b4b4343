package io.switchback.bench.downtime;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells of each size as soon as it is measured, and in the end what was aimed at. */
final class DowntimeReport {
  private static final double MOST_GROWTH = 0.10;
  private static final double MOST_MORE_SECONDS = 0.2;

  private final PrintStream out;
  private final int runs;
  private final Map<Integer, Double> byList = new LinkedHashMap<>();

  DowntimeReport(PrintStream out, int runs) {
    this.out = out;
    this.runs = runs;
  }

  void begin(double writes) {
    out.printf(
        "A switch with the guest's %.0f records of 512 bytes a second since the round before; medians of %d.%n%n",
        writes, runs);
    out.println("| disk | by | downtime | from, to | sent meanwhile | last round |");
    out.println("|--|--|--|--|--|--|");
  }

  void add(int gib, Rung rung, List<Switched> switches) {
    List<Double> seconds = switches.stream().map(Switched::seconds).sorted().toList();
    List<Long> bytes = switches.stream().map(Switched::lastRoundBytes).sorted().toList();
    double median = seconds.get(seconds.size() / 2);
    if (rung == Rung.CHANGE_LIST) {
      byList.put(gib, median);
    }
    out.printf(
        "| %d GiB | %s | %.2f s | %.2f, %.2f | %.1f MiB | %s |%n",
        gib,
        rung.words,
        median,
        seconds.getFirst(),
        seconds.getLast(),
        bytes.get(bytes.size() / 2) / (double) (1 << 20),
        switches.getLast().how());
    out.flush();
  }

  /** Answers whether the downtime stayed the same from the second largest disk to the largest. */
  boolean end() {
    List<Map.Entry<Integer, Double>> sizes = List.copyOf(byList.entrySet());
    if (sizes.size() < 2) {
      return true;
    }
    Map.Entry<Integer, Double> large = sizes.getLast();
    Map.Entry<Integer, Double> small = sizes.get(sizes.size() - 2);
    double more = large.getValue() - small.getValue();
    double allowed = Math.max(MOST_GROWTH * small.getValue(), MOST_MORE_SECONDS);
    out.printf(
        "%nBy the change list, %d GiB took %.2f s more than %d GiB, of %.2f s allowed: %s%n",
        large.getKey(), more, small.getKey(), allowed, more <= allowed ? "reached" : "MISSED");
    return more <= allowed;
  }
}
