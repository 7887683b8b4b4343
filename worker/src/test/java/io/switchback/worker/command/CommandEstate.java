package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.LabClient;
import io.switchback.port.Payloads;
import io.switchback.worker.WorkerProgram;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.local.Requires;
import io.switchback.worker.local.Services;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.run.TemporalConnection;
import io.temporal.client.WorkflowStub;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * A home of its own with two lab sites, a Temporal dev server, a registry and a worker, made and
 * used by the commands that people use.
 */
final class CommandEstate implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  final Home home;
  private final ConfigurableApplicationContext worker;
  private final TemporalConnection temporal;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /** Protects VMs whose production is off: a failover finds no twin. */
  CommandEstate(Path directory, List<String> vms) {
    Requires.temporal();
    home = OwnPorts.home(directory.resolve("home"));
    done("temporal", "start", "--detach");
    done("lab", "start", "berlin");
    done("lab", "start", "potsdam");
    List<String> create = new ArrayList<>(List.of("lab", "create"));
    create.addAll(vms);
    create.addAll(List.of("--site", "berlin", "--disk", "8", "--image", "2"));
    done(create.toArray(String[]::new));
    done("site", "add", "berlin");
    done("site", "add", "potsdam", "--recovers", "berlin", "--network", "lan=lan");
    Services services = home.services().read();
    worker = WorkerProgram.run(settings(services));
    temporal = TemporalConnection.open(services.temporal());
    done(
        "start",
        "protect",
        """
        {"vms": %s, "from": "berlin", "to": "potsdam",
         "policy": {"name": "hourly", "interval": "PT1H"}}
        """
            .formatted(Payloads.mapper().writeValueAsString(vms)),
        "--wait");
    until("every replica is ready", () -> vms.stream().allMatch(vm -> is(vm, "READY")));
    vms.forEach(vm -> done("lab", "power", vm, "shutdown"));
  }

  private static WorkerSettings settings(Services services) {
    Map<String, String> sites =
        services.sites().values().stream()
            .collect(Collectors.toMap(SiteAddress::name, SiteAddress::directory));
    return new WorkerSettings(
        services.temporal().address(),
        services.registry().jdbcUrl(),
        List.of("switchback", "site.berlin", "site.potsdam"),
        sites,
        Map.of(),
        "",
        true,
        0);
  }

  /** Runs a command that must go well; answers what it printed. */
  String done(String... arguments) {
    int exit = run(arguments);
    assertThat(exit).as("%s: %s%s", Arrays.toString(arguments), out, err).isZero();
    return out.toString();
  }

  /** Runs a command that must be refused; answers what it said. */
  String refused(String... arguments) {
    int exit = run(arguments);
    assertThat(exit).as("%s: %s%s", Arrays.toString(arguments), out, err).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    return err.toString();
  }

  /** Runs a command; answers its exit code. */
  int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.directory().toString()));
    return Switchback.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  /** What the last command printed. */
  String out() {
    return out.toString();
  }

  /** What the last command complained about. */
  String err() {
    return err.toString();
  }

  /** What {@code status --json} says of the VM. */
  JsonNode status(String vm) {
    return Payloads.mapper()
        .readTree(done("status", "--json"))
        .get("vms")
        .valueStream()
        .filter(one -> one.get("vm").asString().equals(vm))
        .findFirst()
        .orElseThrow();
  }

  String replicaId(String vm) {
    return status(vm).get("replicaId").asString();
  }

  /** Whether it is in that state and no operation holds it. */
  boolean is(String vm, String state) {
    JsonNode now = status(vm);
    return now.get("state").asString().equals(state) && !now.hasNonNull("operation");
  }

  /** Asking takes a while itself, so nothing is waited for in between. */
  void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not so within %s: %s", LIMIT, what).isLessThan(deadline);
    }
  }

  /** A run that goes on, or has. */
  WorkflowStub workflow(String workflowId) {
    return temporal.client().newUntypedWorkflowStub(workflowId);
  }

  LabClient site(String name) {
    return LabClient.of(directory(name));
  }

  Path directory(String site) {
    return Path.of(home.services().read().sites().get(site).directory());
  }

  /** The first column of what the registry answers. */
  List<String> column(String query) {
    try (Connection registry =
            DriverManager.getConnection(home.services().read().registry().jdbcUrl());
        Statement sql = registry.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException failed) {
      throw new AssertionError(query, failed);
    }
  }

  /** Changes one row of the registry, as if time had passed. */
  void pass(String update) {
    try (Connection registry =
            DriverManager.getConnection(home.services().read().registry().jdbcUrl());
        Statement sql = registry.createStatement()) {
      assertThat(sql.executeUpdate(update)).isOne();
    } catch (SQLException failed) {
      throw new AssertionError(update, failed);
    }
  }

  @Override
  public void close() {
    temporal.close();
    worker.close();
    var _ = run("stop");
  }
}
