package io.switchback.worker.demo;

import io.switchback.appliance.lab.LabGateway;
import io.switchback.appliance.lab.LabScript;
import io.switchback.appliance.lab.NetworkLabException;
import io.switchback.appliance.lab.RunningLab;
import io.switchback.worker.demo.DemoReport.Network;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Launch;
import io.switchback.worker.local.Launcher;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The network lab of a demo: production's LAN, the recovery network, both appliances and the cloud
 * gateway between them. One VM and its replica are hosts there; another one pings them.
 */
final class DemoNetwork {
  /** Its process in the home; when that ends, nothing of the lab is left. */
  static final String NAME = "network-lab";

  /** Of the VM whose networks are extended. */
  static final String CARD = "lan";

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PINGS = 100;

  private final Home home;
  private final LabScript script;
  private @Nullable RunningLab lab;
  private @Nullable LabGateway gateway;
  private List<String> tenantBefore = List.of();
  private List<String> providerBefore = List.of();

  private DemoNetwork(Home home, LabScript script) {
    this.home = home;
    this.script = script;
  }

  /** That of a home: two homes' labs stand side by side. */
  static DemoNetwork of(Home home) {
    int number = Math.abs(home.directory().hashCode() / 2);
    try {
      return new DemoNetwork(
          home,
          new LabScript(
              LabScript.unpack(home.data().resolve("network")),
              "d" + Integer.toString(number, Character.MAX_RADIX),
              "10.216." + (1 + number % 250)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What this machine lacks for it, in a sentence; empty when it lacks nothing. */
  Optional<String> lacks() {
    return script.lacks();
  }

  /** What {@code lab serve --on-power} is given at that site. */
  String onPower(String site) {
    return script.onPower(
        site.equals(DemoEstate.PRODUCTION)
            ? Map.of(WayHome.VM, "vm2")
            : Map.of(WayHome.VM + "_replica", "replica"));
  }

  /**
   * Builds it, with the gateway; what an earlier one has left is removed.
   *
   * @throws Refusal when it does not come up
   */
  void start() {
    try {
      script.call("down");
      Launch launch = new Launch(NAME, script.command("run"), LabScript.ENVIRONMENT);
      new Launcher(home).start(launch, this::isUp, LIMIT);
      RunningLab up = RunningLab.of(script);
      gateway = new LabGateway(up);
      tenantBefore = up.traces("tenant");
      providerBefore = up.traces("provider");
      lab = up;
    } catch (NetworkLabException failed) {
      throw Refusal.unreachable(
          "The network lab does not come up: %s".formatted(failed.getMessage()), failed);
    }
  }

  private boolean isUp() {
    try {
      var _ = script.call("describe");
      return true;
    } catch (NetworkLabException notYet) {
      return false;
    }
  }

  private RunningLab lab() {
    return Optional.ofNullable(lab).orElseThrow();
  }

  LabGateway gateway() {
    return Optional.ofNullable(gateway).orElseThrow();
  }

  /** The address of the VM, and of its replica. */
  String address() {
    return lab().fact("replica.address");
  }

  /** The TTL by which the address answers now, which tells who it is; 0 when nobody answers. */
  int ttl() {
    List<Integer> answers = ping(3);
    return answers.isEmpty() ? 0 : answers.getLast();
  }

  private List<Integer> ping(int count) {
    return lab().ping("vm1", address(), count);
  }

  /** How many of a hundred pings are not answered. */
  double lossPercent() {
    return 100.0 * (PINGS - lab().pingPatiently("vm1", address(), PINGS).size()) / PINGS;
  }

  /** Begins to wait for the first answer of the address. */
  FirstAnswer awaitAnswer() {
    return FirstAnswer.of(script, "vm1", address());
  }

  /** What the extension has left in the appliances. */
  List<String> leftovers() {
    List<String> left = new ArrayList<>();
    left.addAll(left("tenant", tenantBefore));
    left.addAll(left("provider", providerBefore));
    return left;
  }

  private List<String> left(String appliance, List<String> before) {
    return lab().traces(appliance).stream()
        .filter(line -> !before.contains(line))
        .map(line -> appliance + ": " + line)
        .toList();
  }

  /** What to type to look around in it. */
  String ping() {
    return String.join(" ", script.command("exec", "vm1", "ping", address()));
  }

  /** Whether everything was as it must be. */
  static boolean isGood(Network network) {
    return network.ttlBefore() == 64
        && network.ttlDuring() == 62
        && network.ttlAfter() == 64
        && network.lossPercent() == 0
        && network.leftovers().isEmpty();
  }
}
