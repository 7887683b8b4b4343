package io.switchback.worker.command;

import io.switchback.worker.demo.DemoReport;
import io.switchback.worker.demo.DemoReport.Failback;
import io.switchback.worker.demo.DemoReport.Figures;
import io.switchback.worker.demo.DemoReport.Network;
import io.switchback.worker.demo.DemoRun;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Home;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.run.TextTable;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code switchback demo}: a real failover with real bytes, in about a minute. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "A real failover with real bytes, in about a minute; nothing else needs to run.",
      "",
      "Starts PostgreSQL, Temporal and two lab sites with four VMs that write all the time; replicates them; fails two over,"
          + " each from its own restore point; verifies; undoes; makes one permanent and brings one home. As root on"
          + " Linux, with the tools present, one fails over with its network: production reaches the replica at its own address, through a"
          + " real tunnel. A separate program reads the disks and says whether anything"
          + " was lost. Exit code 0 only if nothing was."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback demo                    watch it",
      "  switchback demo --keep             leave everything running, and look around",
      "  switchback demo --json             the figures for a program"
    })
public final class DemoCommand implements Callable<Integer> {
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final TemporalOptions temporalOptions = new TemporalOptions();

  @Option(names = "--keep", description = "Leave everything running, and print what to open.")
  private boolean keep;

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output; the story goes to standard error.")
  private boolean json;

  @Option(
      names = "--network-lab",
      description =
          "Insist on the network lab, which is otherwise used where this machine can have one: as root on Linux, with the"
              + " packages that it names when they are missing.")
  private boolean networkLab;

  @Override
  public Integer call() {
    Home home = homeOption.home();
    PrintStream story = json ? System.err : System.out;
    DemoRun run = new DemoRun(home, temporalOptions.choice(), keep, networkLab, story);
    DemoReport report = run.run();
    if (json) {
      System.out.println(JsonMapper.shared().writeValueAsString(report));
    } else {
      figures(report, story);
    }
    if (keep) {
      whatToOpen(home, report, story);
      run.ping().ifPresent(ping -> story.println("  ping its address " + ping));
    }
    return (report.allGood() ? ExitCode.OK : ExitCode.FAILED).number();
  }

  private static void figures(DemoReport report, PrintStream out) {
    TextTable table =
        new TextTable(
            "VM", "OPERATION", "RPO", "RPO RECORDS", "LOST", "RTO", "BYTES MOVED", "VERIFIED");
    for (Figures vm : report.vms()) {
      table.row(
          vm.vm(),
          vm.operation(),
          "%.1f s".formatted(vm.rpoSeconds()),
          Long.toString(vm.rpoRecords()),
          Long.toString(vm.recordsLost()),
          "%.1f s".formatted(vm.rtoSeconds()),
          String.format(Locale.ROOT, "%,d", vm.bytesMoved()),
          vm.verified() ? "yes" : "NO");
    }
    out.println();
    table.lines().forEach(out::println);
    out.println();
    wayHome(report.failback()).lines().forEach(out::println);
    Network network = report.network();
    if (network != null) {
      out.println();
      seen(report.failback().vm(), network).lines().forEach(out::println);
    }
    out.println();
    out.printf(
        Locale.ROOT,
        report.allGood()
            ? "Nothing that a restore point held was lost, nor anything on the way home. %.0f s in all.%n"
            : "NOT EVERYTHING IS AS IT MUST BE; see above. %.0f s in all.%n",
        report.seconds());
  }

  private static TextTable wayHome(Failback home) {
    TextTable table =
        new TextTable(
            "VM", "WAY HOME", "ROUND 1 BYTES", "ROUND 2 BYTES", "DOWN", "LOST", "VERIFIED");
    table.row(
        home.vm(),
        "Failback",
        String.format(Locale.ROOT, "%,d", home.bytesRoundOne()),
        String.format(Locale.ROOT, "%,d", home.bytesRoundTwo()),
        "%.1f s".formatted(home.downtimeSeconds()),
        Long.toString(home.recordsLost()),
        home.verified() ? "yes" : "NO");
    return table;
  }

  private static TextTable seen(String vm, Network network) {
    TextTable table =
        new TextTable(
            "VM", "TTL BEFORE", "DURING", "AFTER", "LOSS", "FIRST ANSWER", "LEFT IN APPLIANCES");
    table.row(
        vm,
        Integer.toString(network.ttlBefore()),
        Integer.toString(network.ttlDuring()),
        Integer.toString(network.ttlAfter()),
        String.format(Locale.ROOT, "%.0f %%", network.lossPercent()),
        String.format(Locale.ROOT, "%.1f s", network.secondsToFirstAnswer()),
        network.leftovers().isEmpty() ? "nothing" : network.leftovers().size() + " THINGS");
    return table;
  }

  private static void whatToOpen(Home home, DemoReport report, PrintStream out) {
    CommandWords commands = Homes.commands(home);
    out.println();
    out.println("Everything is still running.");
    if (report.temporal().ui() != null) {
      out.println("  Temporal UI      " + report.temporal().ui());
    }
    out.println("  the estate       " + commands.command("status"));
    out.println(
        "  fail over        "
            + commands.command("start", "partial-failover", "{\"vms\":[\"web-01\"]}", "--wait"));
    out.println(
        "  kill a worker    kill -9 <pid of worker-1 in "
            + home.directory().resolve("services.json")
            + ">");
    out.println("  stop             " + commands.command("stop"));
  }
}
