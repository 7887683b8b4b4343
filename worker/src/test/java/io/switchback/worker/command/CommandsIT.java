package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.Payloads;
import io.switchback.worker.WorkerProgram;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.local.Requires;
import io.switchback.worker.local.Services;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.run.TemporalConnection;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * The commands as people use them, against a real Temporal, a real PostgreSQL and two lab sites.
 */
@Tag("process")
class CommandsIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String PROTECTION =
      """
      {"vms": ["web-01", "db-01"], "from": "berlin", "to": "potsdam",
       "policy": {"name": "hourly", "interval": "PT1H"}}
      """;

  @TempDir Path directory;
  private Home home;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private @Nullable ConfigurableApplicationContext worker;

  @BeforeEach
  void makeEstate() {
    Requires.temporal();
    home = OwnPorts.home(directory.resolve("home"));
    done("temporal", "start", "--detach");
    done("lab", "start", "berlin");
    done("lab", "start", "potsdam");
    done("lab", "create", "web-01", "db-01", "--site", "berlin");
    done("site", "add", "berlin");
    done("site", "add", "potsdam", "--recovers", "berlin", "--network", "lan=lan");
    worker = WorkerProgram.run(settings(home.services().read()));
    done("start", "protect", PROTECTION, "--wait");
    until("every replica is ready", () -> statesAre("READY"));
    // Their guests write no more, so that nothing but a command can change the journals.
    done("lab", "power", "web-01", "shutdown");
    done("lab", "power", "db-01", "shutdown");
  }

  @AfterEach
  void stop() {
    if (worker != null) {
      worker.close();
    }
    run("stop");
  }

  @Test
  void aDryRunChangesNothingAndTheRunThenDoesWhatItSaid() throws Exception {
    String vms = "{\"vms\":[\"web-01\",{\"name\":\"db-01\",\"restorePoint\":\"latest\"}]}";
    done("lab", "resources", "potsdam", "--host", "host-1=1:64MiB");
    done("start", "partial-failover", vms, "--dry-run");
    assertThat(out.toString())
        .contains("CPUs", "memory", "The run would park before it changes anything.");
    done("lab", "resources", "potsdam", "--host", "host-1=64:64GiB");
    Map<String, String> before = everything();

    assertThat(run("start", "partial-failover", vms, "--dry-run")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("web-01-0001", "power the replica on", "nothing was changed")
        .doesNotContain("would park");
    assertThat(run("start", "partial-failover", "{\"vms\":[\"web-1\"]}", "--dry-run")).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean 'web-01'?");
    assertThat(run("start", "partial-failover", "{\"vms\":[\"web-1\"]}")).isEqualTo(2);
    assertThat(everything()).isEqualTo(before);

    assertThat(run("start", "partial-failover", vms, "--wait")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("/workflows/partial-failover%2F").contains("powerOn");
    assertThat(statesAre("FAILOVER")).isTrue();
    assertThat(run("start", "partial-failover", vms, "--dry-run")).isEqualTo(2);
    assertThat(err.toString()).contains("replica of 'web-01' is FAILOVER; allowed now");

    assertThat(
            run(
                "start",
                "undo-failover",
                vms.replace(",\"restorePoint\":\"latest\"", ""),
                "--wait"))
        .as(err.toString())
        .isZero();
    assertThat(statesAre("READY")).isTrue();
  }

  @Test
  void aParkedRunIsShownWithItsAnswersAndTakesOne() {
    done("lab", "fault", "potsdam", "powerOn", "--fails-with", "NO_HOST_CAPACITY", "--times", "9");
    done("start", "PartialFailover", "{\"vms\":[\"web-01\"]}");
    String run = out.toString().lines().findFirst().orElseThrow().replace("Started ", "");
    until("it is parked", () -> status().toString().contains("\"answers\""));

    done("status");
    String retry = "switchback answer --home " + home.directory() + " " + run + " retry";
    assertThat(out.toString())
        .contains("web-01 waits for you at step 'powerOn'")
        .contains(retry + " --vm web-01 --step powerOn");
    assertThat(run("answer", run, "acknowledge", "--reason", "because")).isEqualTo(2);
    assertThat(err.toString()).contains("'acknowledge' is no answer").doesNotContain("\tat ");

    done("lab", "fault", "potsdam", "--clear");
    done("answer", run, "retry", "--vm", "web-01", "--step", "powerOn", "--by", "kim");
    assertThat(out.toString()).isEqualToIgnoringNewLines("answered: web-01");
    until("it has failed over", () -> stateOf("web-01").equals("FAILOVER"));
  }

  @Test
  void showsTheHalfThatAnswersAndNamesTheOther() {
    done("temporal", "stop");
    assertThat(run("status")).isEqualTo(3);
    assertThat(out.toString()).contains("web-01", "READY", "does not answer");
    assertThat(err.toString()).contains("Could not reach Temporal").doesNotContain("\tat ");
    assertThat(run("start", "undo-failover", "{\"vms\":[\"web-01\"]}")).isEqualTo(3);
    assertThat(err.toString().lines()).hasSize(1);

    done("temporal", "start", "--detach");
    String nowhere = "jdbc:postgresql://127.0.0.1:1/none?user=kim&password=secret";
    assertThat(run("status", "--registry", nowhere)).isEqualTo(3);
    assertThat(err.toString()).contains("Could not reach the registry").doesNotContain("secret");
    assertThat(run("start", "undo-failover", "{\"vms\":[\"web-01\"]}", "--registry", nowhere))
        .isEqualTo(3);
    assertThat(err.toString()).doesNotContain("secret").doesNotContain("\tat ");
  }

  /** The registry's rows, the sites' effect journals and Temporal's run list. */
  private Map<String, String> everything() throws SQLException, IOException {
    Map<String, String> all = new TreeMap<>();
    Services services = home.services().read();
    try (Connection registry = DriverManager.getConnection(services.registry().jdbcUrl())) {
      for (String table :
          rows(registry, "select tablename from pg_tables where schemaname = 'public'")) {
        all.put(table, String.join("\n", rows(registry, "select t::text from " + table + " t")));
      }
    }
    for (SiteAddress site : services.sites().values()) {
      all.put(site.name(), Files.readString(Path.of(site.directory()).resolve("effects.jsonl")));
    }
    try (TemporalConnection temporal = TemporalConnection.open(services.temporal())) {
      all.put(
          "runs",
          temporal
              .client()
              .listExecutions("")
              .map(run -> run.getExecution() + " " + run.getStatus())
              .collect(Collectors.toCollection(TreeSet::new))
              .toString());
    }
    return all;
  }

  private static List<String> rows(Connection registry, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = registry.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows.stream().sorted().toList();
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

  private JsonNode status() {
    done("status", "--json");
    return Payloads.mapper().readTree(out.toString());
  }

  private boolean statesAre(String state) {
    List<String> states = new ArrayList<>();
    status().get("vms").forEach(vm -> states.add(vm.get("state").asString()));
    return states.equals(List.of(state, state));
  }

  private String stateOf(String name) {
    Function<JsonNode, String> state = vm -> vm.get("state").asString();
    return status()
        .get("vms")
        .valueStream()
        .filter(vm -> vm.get("vm").asString().equals(name))
        .map(state)
        .findFirst()
        .orElseThrow();
  }

  /** Asking takes a while itself, so nothing is waited for in between. */
  private static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not so within %s: %s", LIMIT, what).isLessThan(deadline);
    }
  }

  private void done(String... arguments) {
    assertThat(run(arguments)).as("%s: %s", Arrays.toString(arguments), err).isZero();
  }

  /** Runs a command on the test's home; what it said is in {@link #out} and {@link #err}. */
  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.directory().toString()));
    return Switchback.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
