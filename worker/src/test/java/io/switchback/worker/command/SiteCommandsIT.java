package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.CredentialReference;
import io.switchback.port.Payloads;
import io.switchback.worker.WorkerProgram;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.local.Requires;
import io.switchback.worker.local.Services;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * What is said of sites and what the check finds, at the command: two lab sites that are known by
 * their URLs, with a worker of their own each that has a token from a file.
 */
@Tag("process")
class SiteCommandsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;
  private Home home;
  private Path sites;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private @Nullable ConfigurableApplicationContext recoveryWorker;
  private @Nullable ConfigurableApplicationContext productionWorker;

  @BeforeEach
  void makeTwoSites() throws IOException {
    Requires.temporal();
    home = OwnPorts.homeWithoutRegistry(directory.resolve("home"));
    done("temporal", "start", "--detach");
    for (String site : List.of("berlin", "potsdam")) {
      done(
          "lab",
          "start",
          site,
          "--network",
          "lan,bubble",
          "--host",
          "host-1=16:64GiB",
          "--datastore",
          "fast=8GiB");
      done("lab", "token", site, "--file", token(site).toString());
    }
    sites = directory.resolve("sites.yaml");
    Files.writeString(sites, yaml("bubble"));
  }

  @AfterEach
  void stop() {
    close(productionWorker);
    close(recoveryWorker);
    run("stop");
  }

  @Test
  void sitesAreReadFromAFileListedCheckedChangedAndForgotten() throws IOException {
    Path wrong = directory.resolve("wrong.yaml");
    Files.writeString(wrong, "sites:\n  berlin: {adress: here, caps: {starting: 0}}\npears: []\n");
    assertThat(run("site", "add", "--file", wrong.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("Nothing was changed")
        .contains("adress", "pears", "starting must be at least 1", "site 'berlin' has no address")
        .contains("line 2", "line 3");
    assertThat(run("site", "list")).isEqualTo(3);
    assertThat(err.toString()).contains("No registry is known here");

    done("site", "add", "--file", sites.toString());
    assertThat(out.toString())
        .contains(
            "berlin added",
            "potsdam added",
            "berlin → potsdam, 1 networks",
            "`switchback site check --home ");
    assertThat(run("site", "check")).isEqualTo(3);
    assertThat(err.toString()).contains("switchback worker");

    startWorkers();
    assertThat(run("site", "check")).as(out + "" + err).isZero();
    assertThat(out.toString()).contains("Every site can be used.").doesNotContain("finding");
    done("site", "add", "potsdam", "--starting", "3", "--transferring-per-datastore", "fast=2");
    assertThat(out.toString()).contains("potsdam changed");
    done("site", "list");
    assertThat(out.toString())
        .contains(
            "file:" + token("potsdam"),
            "3 starting, 4 on host-1, 7 transfers, 2 on fast",
            "datastore fast",
            "lan")
        .doesNotContain(Files.readString(token("potsdam")).strip());
    done("site", "list", "--json");
    JsonNode known = Payloads.mapper().readTree(out.toString());
    assertThat(known.at("/sites/1/caps/starting").asInt()).isEqualTo(3);
    assertThat(known.at("/sites/1/placement/datastore").asString()).isEqualTo("fast");

    Path url = directory.resolve("registry.url");
    Files.writeString(url, home.services().read().registry().jdbcUrl());
    done("site", "list", "--registry", "file:" + url);
    assertThat(out.toString()).contains("potsdam");

    assertThat(run("site", "check", "bonn")).isEqualTo(2);
    assertThat(err.toString()).contains("there is no site 'bonn'");
    assertThat(run("site", "remove", "bonn")).isEqualTo(2);
    assertThat(err.toString()).contains("No site 'bonn' is known");
    done("lab", "create", "web-01", "--site", "berlin");
    done(
        "start",
        "protect",
        "{\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"potsdam\"}",
        "--wait");
    done("site", "check", "--vms");
    assertThat(out.toString()).containsPattern("VM OF berlin .*\\nweb-01 +on +yes");
    assertThat(run("site", "remove", "berlin")).isEqualTo(2);
    assertThat(err.toString()).contains("Could not remove site 'berlin'", "web-01");
    done("start", "unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"remove\"}", "--wait");
    done("site", "remove", "berlin");
    done("site", "list");
    assertThat(out.toString()).contains("potsdam").doesNotContain("berlin");
  }

  @Test
  void withProductionStoppedTheRecoverySidePassesAndProductionsFindingsHaveARemedy() {
    done("site", "add", "--file", sites.toString());
    startWorkers();
    close(productionWorker);
    productionWorker = null;
    done("lab", "stop", "berlin");

    assertThat(run("site", "check")).as(out + "" + err).isEqualTo(4);
    assertThat(out.toString())
        .containsPattern("potsdam +potsdam +recovery +good")
        .containsPattern("potsdam +berlin +production +1 finding")
        .contains("UNREACHABLE: site 'berlin' does not answer", "(potsdam → berlin)")
        .contains("Start its hypervisor, mend the way to it")
        .contains("NO_WORKER: no worker polls the queue 'site.berlin'", "(berlin → berlin)")
        .contains("Start one there: `switchback worker --queues site.berlin")
        .contains("Every recovery site can be used; at production something stands in the way");

    assertThat(run("site", "check", "--json")).isEqualTo(4);
    JsonNode result = Payloads.mapper().readTree(out.toString());
    assertThat(result.get("canRecover").asBoolean()).isTrue();
    assertThat(result.get("canReplicate").asBoolean()).isFalse();
  }

  @Test
  void everyFindingIsPrintedAtOnceAndTokensAreToldApart() throws IOException {
    Files.writeString(sites, yaml("lan-that-is-not-there"));
    done("site", "add", "--file", sites.toString());
    done("site", "add", "potsdam", "--host", "host-9");
    startWorkers();
    Files.writeString(token("berlin"), "nobody's\n");
    Files.setPosixFilePermissions(token("potsdam"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run("site", "check")).as(out + "" + err).isEqualTo(1);
    assertThat(out.toString())
        .contains("CREDENTIAL_WRONG: site 'berlin' refuses the credential", "(berlin → berlin)")
        .contains("(potsdam → berlin)", "Put the right one where the reference points")
        .contains("warning, CREDENTIAL_EXPOSED", "chmod 600 " + token("potsdam"))
        .contains("UNKNOWN_HOST", "host-9")
        .contains("UNKNOWN_NETWORK", "lan-that-is-not-there")
        .contains("Not every recovery site can be used")
        .doesNotContain("nobody's");

    replaceToken("potsdam", "--expires", "1ms");
    replaceToken("berlin", "--read-only");
    assertThat(run("site", "check")).as(out + "" + err).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "CREDENTIAL_EXPIRED: site 'potsdam' refuses the credential", "Have a new one issued")
        .contains("CREDENTIAL_READ_ONLY", "(berlin → berlin)", "Put one with full rights")
        .doesNotContain("CREDENTIAL_WRONG", "UNKNOWN_HOST")
        // To look at production is all that the recovery side's workers need there.
        .containsPattern("potsdam +berlin +production +good");

    // Another credential is used at once, without a new worker.
    replaceToken("potsdam");
    replaceToken("berlin");
    done(
        "site",
        "add",
        "potsdam",
        "--host",
        "host-1",
        "--recovers",
        "berlin",
        "--network",
        "lan=lan");
    assertThat(run("site", "check")).as(out + "" + err).isZero();
  }

  /** Another token in the file that the workers read. */
  private void replaceToken(String site, String... options) throws IOException {
    Files.delete(token(site));
    List<String> words =
        new ArrayList<>(List.of("lab", "token", site, "--file", token(site).toString()));
    words.addAll(List.of(options));
    done(words.toArray(String[]::new));
  }

  private String yaml(String drill) {
    Services services = home.services().read();
    return """
        sites:
          berlin: {address: "%s", credential: "file:%s"}
          potsdam:
            address: %s
            credential: file:%s
            placement: {host: host-1, datastore: fast}
            caps: {starting: 5, startingPerHost: {host-1: 4}, transferring: 7}
        pairs:
          - production: berlin
            recovery: potsdam
            networks:
              - {production: lan, recovery: lan, drill: %s}
        """
        .formatted(
            services.sites().get("berlin").address(),
            token("berlin"),
            services.sites().get("potsdam").address(),
            token("potsdam"),
            drill);
  }

  private Path token(String site) {
    return directory.resolve(site + ".token");
  }

  private void startWorkers() {
    productionWorker = worker("", "site.berlin");
    recoveryWorker =
        worker(home.services().read().registry().jdbcUrl(), "switchback", "site.potsdam");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (run("site", "check") == 3 || out.toString().contains("NO_WORKER")) {
      assertThat(System.nanoTime()).as("workers serve: %s%s", out, err).isLessThan(deadline);
    }
  }

  private ConfigurableApplicationContext worker(String registry, String... queues) {
    Services services = home.services().read();
    return WorkerProgram.run(
        new WorkerSettings(
            services.temporal().address(),
            registry,
            List.of(queues),
            Map.of(
                "berlin", services.sites().get("berlin").address(),
                "potsdam", services.sites().get("potsdam").address()),
            Map.of(
                "berlin", CredentialReference.parse("file:" + token("berlin")),
                "potsdam", CredentialReference.parse("file:" + token("potsdam"))),
            "",
            true,
            0));
  }

  private static void close(@Nullable ConfigurableApplicationContext worker) {
    if (worker != null) {
      worker.close();
    }
  }

  private void done(String... arguments) {
    assertThat(run(arguments)).as("%s: %s%s", Arrays.toString(arguments), out, err).isZero();
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
