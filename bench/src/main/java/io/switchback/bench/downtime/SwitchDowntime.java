package io.switchback.bench.downtime;

import io.switchback.bench.Operator;
import io.switchback.bench.RunningEstate;
import io.switchback.worker.local.Refusal;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The downtime of a failback's switch with disks of several sizes and the same change. */
@Command(
    name = "bench/run switch-downtime",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fail a lab VM back again and again and take the time from before the replica's power-off until production is powered on,"
          + " with fully allocated disks of several sizes on which the guest writes at the same rate.",
      "",
      "Exits with 1 when the largest disk by its change list takes more than 10 % and more than 0.2 s longer than the second largest."
    })
public final class SwitchDowntime implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  @Parameters(index = "0", hidden = true, description = "Folder to work in.")
  private Path folder = Path.of(".");

  @Option(
      names = "--gib",
      split = ",",
      defaultValue = "1,2,8",
      description = "Sizes of the disks, ascending: ${DEFAULT-VALUE}.")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--runs",
      defaultValue = "5",
      description = "Switches of each size and rung: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--writes",
      defaultValue = "1000",
      description = "Records of 512 bytes a second that the guest writes: ${DEFAULT-VALUE}.")
  private double writes;

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new SwitchDowntime()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (runs < 1 || sizes.isEmpty() || !sizes.equals(sizes.stream().sorted().toList())) {
      throw Refusal.usage("--runs must be 1 or more, and the sizes of --gib ascend.");
    }
    DowntimeReport report = new DowntimeReport(System.out, runs);
    try (RunningEstate estate = RunningEstate.start(folder, line -> {})) {
      estate.startWorkers(1);
      estate.pairSites(SwitchedVm.NETWORK);
      WorkflowServiceStubs stubs = estate.temporal();
      try {
        measure(estate, new Operator(RunningEstate.client(stubs), LIMIT), report);
        estate.forgetLogs();
      } finally {
        stubs.shutdownNow();
      }
    }
    return report.end() ? 0 : 1;
  }

  private void measure(RunningEstate estate, Operator operator, DowntimeReport report) {
    report.begin(writes);
    for (int gib : sizes) {
      try (SwitchedVm vm = SwitchedVm.failOver(estate, operator, gib, writes)) {
        for (Rung rung : Rung.values()) {
          List<Switched> switches = new ArrayList<>();
          // The first one warms up: a worker's first switch loads classes.
          for (int run = 0; run <= runs; run++) {
            switches.add(vm.homeAndBack(rung));
          }
          report.add(gib, rung, switches.subList(1, switches.size()));
        }
      }
    }
  }
}
