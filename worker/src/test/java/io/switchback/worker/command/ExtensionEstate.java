package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.lab.LabGateway;
import io.switchback.appliance.lab.LabScript;
import io.switchback.appliance.lab.RunningLab;
import io.switchback.delta.Requires;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.model.NetworkExtent;
import io.switchback.model.SiteAppliance;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.port.Payloads;
import io.switchback.worker.demo.DemoTrust;
import io.switchback.worker.local.Launch;
import io.switchback.worker.local.Launcher;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.local.StartedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Everything real: two lab sites whose VM {@code db-01} and its replica are hosts of a network lab,
 * a Temporal dev server, a registry, and workers as processes, of which none serves two sides.
 */
final class ExtensionEstate extends HomeCommands implements AutoCloseable {
  static final String VM = "db-01";

  /** The provider's appliance, as a VM of its site. */
  static final String APPLIANCE = "gateway";

  private static final Path SCRIPT = Path.of("../docker/lab/network").toAbsolutePath().normalize();
  private static final Duration WORKER_LIMIT = Duration.ofSeconds(60);

  final LabScript script;
  final RunningLab network;
  final LabGateway gateway;
  private final DemoTrust trust;

  ExtensionEstate(Path directory) throws IOException {
    super(directory);
    int tree = Math.abs(SCRIPT.hashCode() / 2);
    script =
        new LabScript(
            SCRIPT,
            "w" + Integer.toString(tree, Character.MAX_RADIX),
            "10.214." + (1 + tree % 250));
    script.lacks().ifPresent(Requires::missing);
    script.call("down");
    network = RunningLab.up(script);
    gateway = new LabGateway(network);
    trust = DemoTrust.make(directory.resolve("trust"), List.of("berlin", "potsdam"));
    try {
      build(directory.resolve("sites.yaml"));
    } catch (IOException | RuntimeException | Error failed) {
      // Whoever has nothing in hand cannot close it.
      close();
      throw failed;
    }
  }

  private void build(Path sites) throws IOException {
    done("temporal", "start", "--detach");
    done("lab", "start", "berlin", "--on-power", script.onPower(Map.of(VM, "vm2")));
    done(
        "lab",
        "start",
        "potsdam",
        "--on-power",
        script.onPower(Map.of(VM + "_replica", "replica", APPLIANCE, "provider")));
    createVm("berlin", VM, new NetworkCard("lan", true, network.fact("replica.address")));
    createVm("potsdam", APPLIANCE, new NetworkCard("management", true, null));
    describeSites(sites);
    startWorkers(List.of("control-1", "control-2", "berlin-1", "potsdam-1"));
    done(
        "start",
        "protect",
        """
        {"vms": ["%s"], "from": "berlin", "to": "potsdam",
         "policy": {"name": "hourly", "interval": "PT1H"}}
        """
            .formatted(VM),
        "--wait");
    until("the replica is ready", () -> is(VM, "READY"));
  }

  private void createVm(String site, String vm, NetworkCard card) {
    try (LabClient client = site(site)) {
      client.createVm(
          new VmDefinition(
              vm,
              vm,
              List.of(card),
              List.of(new DiskDefinition(vm + "-0", 8 << 20, 1 << 20)),
              GuestDefinition.usual(),
              false),
          null);
      client.powerOn(vm, null);
    }
  }

  private void describeSites(Path file) throws IOException {
    NetworkExtent extent = gateway.extent();
    Files.writeString(
        file,
        """
        sites:
          berlin:
            address: %s
            tunnels: %s
          potsdam:
            address: %s
            appliance: %s
            tunnels: %s
        pairs:
          - production: berlin
            recovery: potsdam
            networks:
              - production: lan
                recovery: lan
                extend: {network: %s, gateway: %s, productionCard: %s, recoveryCard: %s, remote: "%s", port: %d}
        """
            .formatted(
                home.services().read().sites().get("berlin").address(),
                yaml(gateway.appliance("tenant")),
                home.services().read().sites().get("potsdam").address(),
                APPLIANCE,
                yaml(gateway.appliance("provider")),
                extent.network(),
                extent.gateway(),
                extent.productionCard(),
                extent.recoveryCard(),
                extent.remote(),
                extent.port()));
    done("site", "add", "--file", file.toString());
  }

  private static String yaml(SiteAppliance appliance) {
    return "{host: %s, hostKey: \"%s\", key: \"%s\", certificates: %s, peer: %s}"
        .formatted(
            appliance.host(),
            appliance.hostKey(),
            appliance.login(),
            appliance.certificates(),
            appliance.peer());
  }

  /** Starts several at once. */
  void startWorkers(List<String> names) {
    try (var starters = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> starting = new ArrayList<>();
      names.forEach(name -> starting.add(starters.submit(() -> startWorker(name))));
      for (Future<?> one : starting) {
        one.get();
      }
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** Starts {@code control-…} or {@code <site>-…}; one that runs goes on. */
  void startWorker(String name) {
    String role = name.substring(0, name.indexOf('-'));
    List<String> command =
        new ArrayList<>(List.of("worker", "--home", home.directory().toString()));
    command.addAll(List.of("--grant-keys", trust.grantKeys().toString()));
    if (role.equals("control")) {
      command.addAll(List.of("--queues", "switchback", "--make-current"));
      command.addAll(List.of("--grant-signing-key", "file:" + trust.signingKey()));
    } else {
      command.addAll(List.of("--queues", "site." + role));
      command.addAll(List.of("--data-address", role + "=127.0.0.1:" + OwnPorts.next()));
      command.addAll(List.of("--certificates", role + "=" + trust.worker(role)));
    }
    long known = polls(name);
    new Launcher(home)
        .start(Launch.program(name, command), () -> polls(name) > known, WORKER_LIMIT);
  }

  /** How often a worker of that name has begun to poll. */
  private long polls(String name) {
    Path log = home.log(name);
    try {
      return Files.exists(log)
          ? Files.readString(log).lines().filter(line -> line.contains("worker polls")).count()
          : 0;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** SIGKILL: nothing is told to anybody. */
  void killWorker(String name) {
    StartedProcess worker = home.services().read().running(name).orElseThrow();
    ProcessHandle process = ProcessHandle.of(worker.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Runs an operation on the VM to its end. */
  MemberResult conduct(String operation) {
    String input = "{\"vms\":[\"%s\"]}".formatted(VM);
    String printed = done("start", operation, input, "--wait", "--json");
    OperationResult result = Payloads.mapper().readValue(printed, OperationResult.class);
    assertThat(result.members()).as(printed).hasSize(1);
    return result.members().getFirst();
  }

  @Override
  public void close() {
    var _ = run("stop");
    network.down();
  }
}
