package io.switchback.bench.load;

import io.switchback.worker.command.DurationConverter;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Protects many small lab VMs and watches whether their cycles keep the schedule; then runs cycles
 * as fast as it goes, beside bare Temporal with activities that do nothing.
 */
@Command(
    name = "bench/run replication-load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Protect many small lab VMs, watch whether their cycles keep the schedule, and measure the fastest rate beside bare"
          + " Temporal's.",
      "",
      "Exits with 1 when cycles of one VM overlapped or the RPO objective was missed."
    })
public final class ReplicationLoad implements Callable<Integer> {
  @Parameters(index = "0", hidden = true, description = "Folder to work in.")
  private Path folder = Path.of(".");

  @Option(names = "--vms", defaultValue = "100", description = "VMs: ${DEFAULT-VALUE}.")
  private int vms;

  @Option(
      names = "--every",
      defaultValue = "1m",
      converter = DurationConverter.class,
      description = "From one cycle of a VM to the next: ${DEFAULT-VALUE}.")
  private Duration every = Duration.ofMinutes(1);

  @Option(
      names = "--for",
      defaultValue = "10m",
      converter = DurationConverter.class,
      description = "How long the schedule is watched: ${DEFAULT-VALUE}.")
  private Duration lasting = Duration.ofMinutes(10);

  @Option(
      names = "--objective",
      converter = DurationConverter.class,
      description = "RPO objective: twice the schedule's interval.")
  private @Nullable Duration objective;

  @Option(
      names = "--writes",
      defaultValue = "0.2",
      description = "Records a second that each guest writes: ${DEFAULT-VALUE}.")
  private double writes;

  @Option(names = "--workers", defaultValue = "1", description = "Workers: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--fastest",
      defaultValue = "1m",
      converter = DurationConverter.class,
      description = "How long each fastest rate is measured; 0s leaves it out: ${DEFAULT-VALUE}.")
  private Duration fastest = Duration.ofMinutes(1);

  @Option(
      names = "--at-once",
      defaultValue = "50",
      description = "Cycles in flight while the fastest rates are measured: ${DEFAULT-VALUE}.")
  private int atOnce;

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(
        new CommandLine(new ReplicationLoad())
            .setExecutionExceptionHandler(ReplicationLoad::explain)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    LoadPlan plan =
        new LoadPlan(
            vms,
            every,
            lasting,
            objective == null ? every.multipliedBy(2) : objective,
            writes,
            workers,
            fastest,
            atOnce);
    LoadReport report = new LoadRun(plan, folder, System.err).run();
    report.lines().forEach(System.out::println);
    return report.isHeld() ? 0 : 1;
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof Refusal || failure instanceof IllegalArgumentException) {
      command.getErr().println(failure.getMessage());
      return 2;
    }
    failure.printStackTrace(command.getErr());
    return 3;
  }
}
