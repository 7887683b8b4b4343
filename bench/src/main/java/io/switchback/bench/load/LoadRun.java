package io.switchback.bench.load;

import io.switchback.bench.RunningEstate;
import io.switchback.lab.LabClient;
import io.switchback.worker.local.Refusal;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sets the estate up, watches it, drives it, and takes it down. */
final class LoadRun {
  private static final Duration TICK = Duration.ofSeconds(2);
  private static final Duration TOLD = Duration.ofSeconds(30);

  private final LoadPlan plan;
  private final Path folder;
  private final PrintStream says;
  private final long begunNanos = System.nanoTime();

  LoadRun(LoadPlan plan, Path folder, PrintStream says) {
    this.plan = plan;
    this.folder = folder;
    this.says = says;
  }

  LoadReport run() throws IOException {
    tell("starting PostgreSQL, Temporal, two lab sites and %d workers".formatted(plan.workers()));
    try (RunningEstate estate = RunningEstate.start(folder, line -> {})) {
      estate.startWorkers(plan.workers());
      WorkflowServiceStubs stubs = estate.temporal();
      try {
        LoadReport report = measure(estate, RunningEstate.client(stubs));
        estate.forgetLogs();
        return report;
      } catch (SQLException failure) {
        throw new IOException("The registry could not be read.", failure);
      } finally {
        stubs.shutdownNow();
      }
    }
  }

  private LoadReport measure(RunningEstate estate, WorkflowClient temporal)
      throws SQLException, IOException {
    List<String> names;
    try (LabClient production = estate.lab(RunningEstate.PRODUCTION)) {
      tell("making %d VMs".formatted(plan.vms()));
      names = ProtectedVms.create(production, plan);
    }
    tell("protecting them");
    List<String> loops = ProtectedVms.protect(estate, temporal, names, plan);
    LoopHistories histories = new LoopHistories(temporal, loops);
    try (RegistryWatch registry = RegistryWatch.open(estate.registryUrl())) {
      awaitFirstPoints(registry);
      Instant from = registry.now();
      ServiceLoad.Counters before = counters(estate, registry, histories);
      double loadAverage = watch(registry);
      Instant to = registry.now();
      ServiceLoad load = counters(estate, registry, histories).since(before);
      List<PointSeen> seen = registry.points();
      List<String> problems = registry.problems();

      FastestRates.Both fastest =
          plan.fastest().isPositive()
              ? new FastestRates(plan, estate, temporal, registry, this::tell).measure(loops)
              : null;
      CycleOverlaps overlaps =
          CycleOverlaps.read(
              List.of(estate.site(RunningEstate.PRODUCTION), estate.site(RunningEstate.RECOVERY)));
      return new LoadReport(
          plan,
          recordedIn(seen, from, to),
          CycleGaps.count(seen, from),
          problems,
          RpoReading.of(seen, from, to),
          overlaps,
          load,
          loadAverage,
          fastest);
    }
  }

  private void awaitFirstPoints(RegistryWatch registry) throws SQLException {
    long limitNanos = plan.setUpLimit().toNanos();
    long begun = System.nanoTime();
    long toldNanos = begun;
    long seeded;
    while ((seeded = protectedVms(registry)) < plan.vms()) {
      if (System.nanoTime() - begun > limitNanos) {
        throw Refusal.failed(
            "Only %d of %d VMs have a restore point after %d s. %s"
                .formatted(
                    seeded,
                    plan.vms(),
                    TimeUnit.NANOSECONDS.toSeconds(limitNanos),
                    registry.problems()));
      }
      if (System.nanoTime() - toldNanos > TOLD.toNanos()) {
        toldNanos = System.nanoTime();
        tell("%d of %d have their first restore point".formatted(seeded, plan.vms()));
      }
      pause();
    }
    tell("all %d have their first restore point".formatted(plan.vms()));
  }

  private static long protectedVms(RegistryWatch registry) throws SQLException {
    registry.poll();
    return registry.points().stream().map(PointSeen::replicaId).distinct().count();
  }

  /** Watches the schedule; answers the mean of the machine's load average. */
  private double watch(RegistryWatch registry) throws SQLException {
    long begun = System.nanoTime();
    long toldNanos = begun;
    int before = registry.points().size();
    double sum = 0;
    int looks = 0;
    while (System.nanoTime() - begun < plan.lasting().toNanos()) {
      pause();
      registry.poll();
      sum += ProcessUse.loadAverage();
      looks++;
      if (System.nanoTime() - toldNanos > TOLD.toNanos()) {
        toldNanos = System.nanoTime();
        tell(
            "%d s of %d s watched: %d cycles, load average %.1f"
                .formatted(
                    TimeUnit.NANOSECONDS.toSeconds(toldNanos - begun),
                    plan.lasting().toSeconds(),
                    registry.points().size() - before,
                    ProcessUse.loadAverage()));
      }
    }
    return sum / looks;
  }

  private static ServiceLoad.Counters counters(
      RunningEstate estate, RegistryWatch registry, LoopHistories histories) throws SQLException {
    return new ServiceLoad.Counters(
        ProcessUse.of(estate.processes()), registry.work(), histories.length(), System.nanoTime());
  }

  private static List<PointSeen> recordedIn(List<PointSeen> points, Instant from, Instant to) {
    return points.stream()
        .filter(point -> point.recordedAt().isAfter(from) && !point.recordedAt().isAfter(to))
        .toList();
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Refusal.failed("Interrupted while watching.");
    }
  }

  private void tell(String line) {
    says.printf(
        "%4d s  %s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNanos), line);
  }
}
