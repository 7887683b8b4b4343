package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.worker.local.Services;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.run.TemporalConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands as people use them, against a real Temporal, a real PostgreSQL and two lab sites.
 */
@Tag("process")
class CommandsIT {
  @TempDir Path directory;
  private CommandEstate estate;

  @BeforeEach
  void start() {
    estate = new CommandEstate(directory, List.of("web-01", "db-01"));
  }

  @AfterEach
  void end() {
    if (estate != null) {
      estate.close();
    }
  }

  @Test
  void aDryRunChangesNothingAndTheRunThenDoesWhatItSaid() throws Exception {
    String vms = "{\"vms\":[\"web-01\",{\"name\":\"db-01\",\"restorePoint\":\"latest\"}]}";
    estate.done("lab", "resources", "potsdam", "--host", "host-1=1:64MiB");
    estate.done("start", "partial-failover", vms, "--dry-run");
    assertThat(estate.out())
        .contains("CPUs", "memory", "The run would park before it changes anything.");
    estate.done("lab", "resources", "potsdam", "--host", "host-1=64:64GiB");
    Map<String, String> before = everything();

    assertThat(estate.run("start", "partial-failover", vms, "--dry-run")).as(estate.err()).isZero();
    assertThat(estate.out())
        .contains("web-01-0001", "power the replica on", "nothing was changed")
        .doesNotContain("would park");
    assertThat(estate.run("start", "partial-failover", "{\"vms\":[\"web-1\"]}", "--dry-run"))
        .isEqualTo(2);
    assertThat(estate.err()).contains("did you mean 'web-01'?");
    assertThat(estate.run("start", "partial-failover", "{\"vms\":[\"web-1\"]}")).isEqualTo(2);
    assertThat(everything()).isEqualTo(before);

    assertThat(estate.run("start", "partial-failover", vms, "--wait")).as(estate.err()).isZero();
    assertThat(estate.out()).contains("/workflows/partial-failover%2F").contains("powerOn");
    assertThat(areBoth("FAILOVER")).isTrue();
    assertThat(estate.run("start", "partial-failover", vms, "--dry-run")).isEqualTo(2);
    assertThat(estate.err()).contains("replica of 'web-01' is FAILOVER; allowed now");

    assertThat(
            estate.run(
                "start",
                "undo-failover",
                vms.replace(",\"restorePoint\":\"latest\"", ""),
                "--wait"))
        .as(estate.err())
        .isZero();
    assertThat(areBoth("READY")).isTrue();
  }

  @Test
  void aParkedRunIsShownWithItsAnswersAndTakesOne() {
    estate.done(
        "lab", "fault", "potsdam", "powerOn", "--fails-with", "NO_HOST_CAPACITY", "--times", "9");
    estate.done("start", "PartialFailover", "{\"vms\":[\"web-01\"]}");
    String run = estate.out().lines().findFirst().orElseThrow().replace("Started ", "");
    estate.until("it is parked", () -> estate.done("status", "--json").contains("\"answers\""));

    estate.done("status");
    String retry = "switchback answer --home " + estate.home.directory() + " " + run + " retry";
    assertThat(estate.out())
        .contains("web-01 waits for you at step 'powerOn'")
        .contains(retry + " --vm web-01 --step powerOn");
    assertThat(estate.run("answer", run, "acknowledge", "--reason", "because")).isEqualTo(2);
    assertThat(estate.err()).contains("'acknowledge' is no answer").doesNotContain("\tat ");

    estate.done("lab", "fault", "potsdam", "--clear");
    estate.done("answer", run, "retry", "--vm", "web-01", "--step", "powerOn", "--by", "kim");
    assertThat(estate.out()).isEqualToIgnoringNewLines("answered: web-01");
    estate.until("it has failed over", () -> estate.is("web-01", "FAILOVER"));
  }

  @Test
  void showsTheHalfThatAnswersAndNamesTheOther() {
    estate.done("temporal", "stop");
    assertThat(estate.run("status")).isEqualTo(3);
    assertThat(estate.out()).contains("web-01", "READY", "does not answer");
    assertThat(estate.err()).contains("Could not reach Temporal").doesNotContain("\tat ");
    assertThat(estate.run("start", "undo-failover", "{\"vms\":[\"web-01\"]}")).isEqualTo(3);
    assertThat(estate.err().lines()).hasSize(1);

    estate.done("temporal", "start", "--detach");
    String nowhere = "jdbc:postgresql://127.0.0.1:1/none?user=kim&password=secret";
    assertThat(estate.run("status", "--registry", nowhere)).isEqualTo(3);
    assertThat(estate.err()).contains("Could not reach the registry").doesNotContain("secret");
    assertThat(
            estate.run("start", "undo-failover", "{\"vms\":[\"web-01\"]}", "--registry", nowhere))
        .isEqualTo(3);
    assertThat(estate.err()).doesNotContain("secret").doesNotContain("\tat ");
  }

  private boolean areBoth(String state) {
    return estate.is("web-01", state) && estate.is("db-01", state);
  }

  /** The registry's rows, the sites' effect journals and Temporal's run list. */
  private Map<String, String> everything() throws IOException {
    Map<String, String> all = new TreeMap<>();
    Services services = estate.home.services().read();
    for (String table :
        estate.column("select tablename from pg_tables where schemaname = 'public'")) {
      List<String> rows = estate.column("select t::text from " + table + " t");
      all.put(table, String.join("\n", rows.stream().sorted().toList()));
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
}
