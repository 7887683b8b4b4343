package io.switchback.bench.vsphere;

import io.switchback.port.InventoryActivities;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.Payloads;
import io.switchback.vsphere.Login;
import io.switchback.vsphere.VCenter;
import io.switchback.vsphere.VCenterSettings;
import io.switchback.vsphere.VCenters;
import io.switchback.vsphere.VsphereInventoryActivities;
import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.Trust;
import io.switchback.worker.local.Refusal;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The inventory of a simulated vCenter with many VMs, beside VMware's own Python client. */
@Command(
    name = "bench/run vsphere-inventory",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Read what a vCenter has, as a rule of protection does: of every VM what decides whether it is meant, and of the first 500"
          + " their devices. Beside it, pyvmomi reads the configurations of them all.",
      "",
      "Exits with 1 when the median is not under 3 s."
    })
public final class InventoryBench implements Callable<Integer> {
  private static final double AIM_SECONDS = 3;
  private static final String SITE = "berlin";
  private static final Login LOGIN =
      new Login("switchback@vsphere.local", UUID.randomUUID().toString());

  @Option(names = "--vms", defaultValue = "1000", description = "VMs: ${DEFAULT-VALUE}.")
  private int vms;

  @Option(
      names = "--runs",
      defaultValue = "9",
      description = "Readings by each, in turns: ${DEFAULT-VALUE}.")
  private int runs;

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new InventoryBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (vms < 1 || runs < 1) {
      throw Refusal.usage("--vms and --runs must be 1 or more.");
    }
    List<String> command =
        List.of(
            SpokenTo.installed("vcsim"),
            "-user",
            LOGIN.user(),
            "-instance-uuid",
            UUID.randomUUID().toString(),
            "-plain",
            "-hosts",
            "8",
            "-vms",
            Integer.toString(vms));
    try (SpokenTo vcsim = new SpokenTo(command, Map.of("VCSIM_PASSWORD", LOGIN.password()))) {
      URI address = URI.create(vcsim.next().get("url").asString());
      try (SpokenTo pyvmomi = pyvmomi(address);
          VCenters vcenters = new VCenters(Map.of(SITE, vcenter(address)))) {
        return report(measure(vcenters, pyvmomi));
      }
    }
  }

  private static VCenter vcenter(URI address) {
    return new VCenter(
        VCenterSettings.of(SITE, Endpoint.of(address, new Trust.Known()), () -> LOGIN));
  }

  private static SpokenTo pyvmomi(URI address) throws IOException, InterruptedException {
    SpokenTo pyvmomi =
        new SpokenTo(
            List.of("python3", "docker/lab/judge/judge.py"),
            Map.of("PYTHONPATH", SpokenTo.installed("judge"), "PYTHONDONTWRITEBYTECODE", "1"));
    var _ =
        pyvmomi.ask(
            Map.of(
                "host", address.getHost(),
                "port", address.getPort(),
                "user", LOGIN.user(),
                "password", LOGIN.password(),
                "certificate", ""));
    return pyvmomi;
  }

  private record Times(List<Double> ours, List<Double> theirs) {}

  private Times measure(VCenters vcenters, SpokenTo pyvmomi) throws IOException {
    TestActivityEnvironment environment =
        TestActivityEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .build());
    environment.registerActivitiesImplementations(new VsphereInventoryActivities(vcenters));
    InventoryActivities inventory =
        environment.newActivityStub(
            InventoryActivities.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(5))
                .setHeartbeatTimeout(Duration.ofSeconds(10))
                .build());
    Times times = new Times(new ArrayList<>(), new ArrayList<>());
    try {
      // The first one logs in and loads classes.
      for (int run = 0; run <= runs; run++) {
        double ours = seconds(() -> read(inventory));
        double theirs = seconds(() -> pyvmomi.ask(Map.of("ask", "census")).size());
        if (run > 0) {
          times.ours().add(ours);
          times.theirs().add(theirs);
        }
      }
    } finally {
      environment.close();
    }
    return times;
  }

  private int read(InventoryActivities inventory) throws IOException {
    Inventory found = inventory.findVms(new FindVms(SITE, List.of(), "", ""));
    int expected = Math.min(vms, InventoryActivities.MOST);
    if (found.vms().size() != expected) {
      throw new IOException("%d VMs are told of, not %d.".formatted(found.vms().size(), expected));
    }
    return expected;
  }

  private interface Reading {
    int run() throws IOException;
  }

  private static double seconds(Reading reading) throws IOException {
    long begun = System.nanoTime();
    var _ = reading.run();
    return (System.nanoTime() - begun) / 1e9;
  }

  private int report(Times times) {
    System.out.printf("A simulated vCenter with %d VMs; medians of %d.%n%n", vms, runs);
    System.out.println("| who | median | least, most |");
    System.out.println("|--|--|--|");
    double median = row("switchback", times.ours());
    double theirs = row("pyvmomi", times.theirs());
    System.out.printf(
        "%nUnder %.0f s: %s. %.2f of pyvmomi's time.%n",
        AIM_SECONDS, median < AIM_SECONDS ? "reached" : "MISSED", median / theirs);
    return median < AIM_SECONDS ? 0 : 1;
  }

  private static double row(String who, List<Double> seconds) {
    List<Double> sorted = seconds.stream().sorted().toList();
    double median = sorted.get(sorted.size() / 2);
    System.out.printf(
        "| %s | %.2f s | %.2f, %.2f |%n", who, median, sorted.getFirst(), sorted.getLast());
    return median;
  }
}
