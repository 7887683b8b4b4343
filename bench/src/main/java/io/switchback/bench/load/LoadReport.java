package io.switchback.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param points recorded while the schedule was watched
 * @param toNothing cycles that ended without a restore point meanwhile
 * @param fastest null when it was not measured
 */
record LoadReport(
    LoadPlan plan,
    List<PointSeen> points,
    long toNothing,
    List<String> problems,
    RpoReading rpo,
    CycleOverlaps overlaps,
    ServiceLoad load,
    double loadAverage,
    FastestRates.@Nullable Both fastest) {
  private static final double MIB = 1 << 20;

  LoadReport {
    points = List.copyOf(points);
    problems = List.copyOf(problems);
  }

  /** No overlap was seen, and every VM held its objective. */
  boolean isHeld() {
    return overlaps.found().isEmpty()
        && rpo.worst().size() == plan.vms()
        && rpo.held(plan.objective()) == plan.vms();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d VMs, a cycle every %s, watched for %s; %d processors, load average %.1f"
            .formatted(
                plan.vms(),
                words(plan.every()),
                words(plan.lasting()),
                Runtime.getRuntime().availableProcessors(),
                loadAverage));
    schedule(lines);
    services(lines);
    fastest(lines);
    lines.add("");
    lines.add(isHeld() ? "No overlap, RPO held." : "NOT HELD: see overlaps and rpo above.");
    return lines;
  }

  private void schedule(List<String> lines) {
    List<Duration> took = points.stream().map(PointSeen::took).toList();
    List<Duration> ages = List.copyOf(rpo.worst().values());
    lines.add("on schedule");
    lines.add(
        "  cycles        %d, that is %.2f/s of %.2f/s asked for; %d came to nothing"
            .formatted(
                points.size(),
                load.perSecond(points.size()),
                plan.cyclesAskedPerSecond(),
                toNothing));
    problems.forEach(problem -> lines.add("                " + problem));
    lines.add(
        "  a cycle       median %s, worst %s"
            .formatted(words(BackToBack.median(took)), words(worst(took))));
    lines.add(
        "  overlaps      %d, by the journals of both sites, in %d cycles"
            .formatted(overlaps.found().size(), overlaps.cycles()));
    overlaps.found().stream().limit(5).forEach(found -> lines.add("                " + found));
    lines.add(
        "  rpo           held by %d of %d; oldest newest point: median %s, worst %s (%s); objective %s"
            .formatted(
                rpo.held(plan.objective()),
                plan.vms(),
                words(BackToBack.median(ages)),
                words(worst(ages)),
                oldest(),
                words(plan.objective())));
  }

  private void services(List<String> lines) {
    lines.add("what it takes");
    lines.add(
        "  temporal      %.0f history events/s, %.0f state transitions/s"
            .formatted(
                load.perSecond(load.temporal().events()),
                load.perSecond(load.temporal().transitions())));
    lines.add(
        "  postgresql    %.1f transactions/s, %.1f rows written/s, %.0f KiB of log/s"
            .formatted(
                load.perSecond(load.postgres().transactions()),
                load.perSecond(load.postgres().rowsWritten()),
                load.perSecond(load.postgres().walBytes() / 1024.0)));
    load.processes().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            process ->
                lines.add(
                    "  %-15s %6.1f CPU s, that is %.2f processors; %5.0f MiB"
                        .formatted(
                            process.getKey(),
                            process.getValue().cpuSeconds(),
                            load.perSecond(process.getValue().cpuSeconds()),
                            process.getValue().memoryBytes() / MIB)));
  }

  private void fastest(List<String> lines) {
    if (fastest == null) {
      return;
    }
    BackToBack.Rate real = fastest.real();
    BackToBack.Rate bare = fastest.bare();
    lines.add("as fast as it goes, %d cycles asked for at once".formatted(plan.atOnce()));
    lines.add(
        "  switchback    %.2f cycles/s (%d in %s, %d failed)"
            .formatted(real.perSecond(), real.done(), words(real.lasting()), real.failed()));
    lines.add(
        "  bare temporal %.2f cycles/s (%d in %s, %d failed): %d activities that do nothing, %d events a cycle"
            .formatted(
                bare.perSecond(),
                bare.done(),
                words(bare.lasting()),
                bare.failed(),
                fastest.shape().steps().size(),
                fastest.shape().events()));
    lines.add(
        "  ratio         %.2f of bare Temporal's; %.1f times what the schedule asks for"
            .formatted(
                real.perSecond() / bare.perSecond(),
                real.perSecond() / plan.cyclesAskedPerSecond()));
  }

  private String oldest() {
    return rpo.worst().entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("none");
  }

  private static Duration worst(List<Duration> durations) {
    return durations.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  private static String words(Duration duration) {
    return duration.compareTo(Duration.ofMinutes(10)) >= 0 || duration.toMillis() % 60_000 == 0
        ? "%.4g min".formatted(duration.toMillis() / 60_000.0).replaceAll("\\.?0+ min$", " min")
        : "%.1f s".formatted(duration.toMillis() / 1000.0);
  }
}
