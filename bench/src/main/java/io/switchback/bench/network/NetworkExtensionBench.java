package io.switchback.bench.network;

import io.switchback.appliance.lab.LabGateway;
import io.switchback.appliance.lab.LabScript;
import io.switchback.appliance.lab.RunningLab;
import io.switchback.bench.Operator;
import io.switchback.bench.RunningEstate;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.model.NetworkMapping;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.Sites;
import io.switchback.worker.demo.FirstAnswer;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryLogin;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the way to a replica is like, and how soon after a failover began it is there. */
@Command(
    name = "bench/run network-extension",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fail a lab VM over with its network, in the network lab (root, Linux), and look from production's network: throughput and"
          + " round trip through the tunnel, beside a bare path and beside OpenVPN with the same options and nothing else of"
          + " Switchback's; and the time from the failover's begin to the first answered ping.",
      "",
      "Exits with 1 when packets were lost, or a failover was not answered."
    })
public final class NetworkExtensionBench implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String VM = "db-01";
  private static final String NETWORK = "lan";

  @Parameters(index = "0", hidden = true, description = "Folder to work in.")
  private Path folder = Path.of(".");

  @Option(
      names = "--runs",
      defaultValue = "5",
      description = "Transfers of each way, and failovers: ${DEFAULT-VALUE}.")
  private int runs;

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new NetworkExtensionBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (runs < 1) {
      throw Refusal.usage("--runs must be 1 or more.");
    }
    LabScript script = new LabScript(LabScript.unpack(folder), "bench", "10.217.1");
    script
        .lacks()
        .ifPresent(
            lacking -> {
              throw Refusal.usage(lacking);
            });
    Thread onInterrupt = Thread.ofPlatform().unstarted(() -> script.call("down"));
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    script.call("down");
    RunningLab lab = RunningLab.up(script);
    Map<String, String> onPower =
        Map.of(
            RunningEstate.PRODUCTION, script.onPower(Map.of(VM, "vm2")),
            RunningEstate.RECOVERY, script.onPower(Map.of(VM + "_replica", "replica")));
    try (RunningEstate estate = RunningEstate.start(folder, line -> {}, onPower)) {
      estate.startWorkers(1);
      describeSites(estate, new LabGateway(lab));
      WorkflowServiceStubs stubs = estate.temporal();
      try {
        boolean isGood =
            measure(script, lab, estate, new Operator(RunningEstate.client(stubs), LIMIT));
        estate.forgetLogs();
        return isGood ? 0 : 1;
      } finally {
        stubs.shutdownNow();
      }
    } finally {
      lab.down();
    }
  }

  private boolean measure(LabScript script, RunningLab lab, RunningEstate estate, Operator operator)
      throws IOException {
    List<Way> ways = new ArrayList<>();
    List<Double> firstAnswers = new ArrayList<>();
    try (LabClient production = estate.lab(RunningEstate.PRODUCTION)) {
      protect(production, lab, operator);
      ways.add(Way.measured("bare: two hosts of one LAN", lab, runs));
      production.powerOff(VM, null);
      // The first one warms up: a worker's first failover loads classes.
      for (int run = 0; run <= runs; run++) {
        double seconds = failOver(script, lab, operator);
        if (run > 0) {
          firstAnswers.add(seconds);
        }
        if (run == runs) {
          ways.add(Way.measured("Switchback: gateway, tunnel, rules", lab, runs));
          ways.add(plain(lab, operator));
        } else {
          operator.run("UndoFailover", Map.of("vms", List.of(VM)));
        }
      }
    }
    report(ways, firstAnswers);
    return ways.stream().allMatch(way -> way.lossPercent() == 0)
        && firstAnswers.stream().allMatch(seconds -> seconds > 0);
  }

  private static double failOver(LabScript script, RunningLab lab, Operator operator) {
    try (FirstAnswer answer = FirstAnswer.of(script, "vm1", lab.fact("replica.address"))) {
      operator.run("PartialFailover", Map.of("vms", List.of(VM)));
      return answer.seconds(60);
    }
  }

  /** Measures OpenVPN alone; the failover is undone for it. */
  private Way plain(RunningLab lab, Operator operator) throws IOException {
    PlainTunnel like = PlainTunnel.like(lab, "pair-1");
    operator.run("UndoFailover", Map.of("vms", List.of(VM)));
    lab.run("power", "on", "replica");
    try (PlainTunnel plain = like) {
      plain.open();
      return Way.measured("OpenVPN alone, same options", lab, runs);
    } finally {
      lab.run("power", "off", "replica");
    }
  }

  private void report(List<Way> ways, List<Double> firstAnswers) {
    System.out.println("| way | throughput | round trip | lost |");
    System.out.println("|--|--|--|--|");
    ways.forEach(way -> System.out.println(way.row()));
    System.out.println();
    System.out.printf(
        "From the failover's begin to the first answered ping: median %.1f s of %d (%.1f to %.1f).%n",
        Way.median(firstAnswers),
        firstAnswers.size(),
        firstAnswers.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        firstAnswers.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
  }

  private static void protect(LabClient production, RunningLab lab, Operator operator) {
    production.createVm(
        new VmDefinition(
            VM,
            VM,
            List.of(new NetworkCard(NETWORK, true, lab.fact("replica.address"))),
            List.of(new DiskDefinition(VM + "-0", 8 << 20, 1 << 20)),
            new GuestDefinition(5.0, 5, Duration.ZERO, true, null),
            false),
        null);
    production.powerOn(VM, null);
    String replica =
        operator
            .run(
                "Protect",
                Map.of(
                    "vms",
                    List.of(VM),
                    "from",
                    RunningEstate.PRODUCTION,
                    "to",
                    RunningEstate.RECOVERY,
                    "policy",
                    Map.of("name", VM, "interval", "PT12H")))
            .members()
            .getFirst()
            .replicaId();
    operator.replicate(replica);
  }

  private static void describeSites(RunningEstate estate, LabGateway gateway) {
    try (RegistryDatabase registry =
        RegistryDatabase.open(RegistryLogin.of(estate.registryUrl()))) {
      new Sites(registry)
          .write(
              List.of(
                  site(RunningEstate.PRODUCTION, gateway.appliance("tenant")),
                  site(RunningEstate.RECOVERY, gateway.appliance("provider"))),
              List.of(
                  new SitePair(
                      RunningEstate.PRODUCTION,
                      RunningEstate.RECOVERY,
                      List.of(new NetworkMapping(NETWORK, NETWORK, "", gateway.extent())))));
    }
  }

  private static SiteSettings site(String name, SiteAppliance tunnels) {
    return SiteSettings.named(name).tunnels(tunnels).build();
  }
}
