package io.switchback.worker.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabDiskSource;
import io.switchback.lab.PowerState;
import io.switchback.lab.SnapshotView;
import io.switchback.lab.VmView;
import io.switchback.operation.SwitchTimer;
import io.switchback.operation.WindowTimer;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens by itself, and how people put it off: windows and the synchronisations of a failback
 * that waits, as commands on a real Temporal, a real registry and two lab sites. Each test has VMs
 * of its own; their times are brought near in the registry, and the rest of the wait is real.
 */
@Tag("process")
class WindowCommandsIT {
  private static final int MIB = 1 << 20;
  private static final Pattern SENT = Pattern.compile("(\\d+) bytes by (\\w+)");

  @TempDir static Path directory;
  private static CommandEstate estate;

  @BeforeAll
  static void makeEstate() {
    estate = new CommandEstate(directory, List.of("web-01", "db-01", "app-01", "gw-01"));
  }

  @AfterAll
  static void stop() {
    if (estate != null) {
      estate.close();
    }
  }

  @Test
  void aFailoverIsUndoneByItselfAtAnEndThatACommandHasPutOff() {
    failOver("web-01", "undo", "");
    Instant end = endOf("web-01");
    assertThat(estate.done("status"))
        .contains("web-01: its failover is undone by itself at " + end + ", in ")
        .contains("or: switchback window extend", "or: switchback window cancel");

    assertThat(
            estate.done("window", "extend", "web-01", "2h", "--by", "kim", "--reason", "we look"))
        .isEqualToIgnoringNewLines(
            "The window of 'web-01' ends at %s; before it was %s."
                .formatted(end.plus(Duration.ofHours(2)), end));
    assertThat(endOf("web-01")).isEqualTo(end.plus(Duration.ofHours(2)));
    Instant until = end.plus(Duration.ofDays(3));
    assertThat(estate.done("window", "extend", "web-01", "--until", until.toString()))
        .isEqualToIgnoringNewLines(
            "The window of 'web-01' ends at %s; before it was %s."
                .formatted(until, end.plus(Duration.ofHours(2))));

    assertThat(estate.refused("window", "extend", "web-01", "--until", end.toString()))
        .isEqualToIgnoringNewLines(
            "The window ends at %s; %s is not later. To end it sooner, commit or undo now, or cancel it."
                .formatted(until, end));
    assertThat(estate.refused("window", "extend", "web-01", "91d"))
        .startsWith("A window may end at most 90 days from now, not at ");
    assertThat(estate.refused("window", "extend", "web-01"))
        .isEqualToIgnoringNewLines("Say for how long, or --until when, one of the two.");
    assertThat(estate.refused("window", "extend", "web-1", "2h"))
        .isEqualToIgnoringNewLines("No VM 'web-1' is protected. Did you mean 'web-01'?");

    endsSoon("web-01");
    estate.until("undone by itself", () -> estate.is("web-01", "READY"));
    hasEnded(WindowTimer.workflowId(estate.replicaId("web-01")));
    assertThat(audit("web-01", "extendWindow", "asked_by || ': ' || detail"))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("kim: The window of 'web-01' ends at ")
        .endsWith("; why: we look");
    assertThat(audit("web-01", "moveToREADY", "asked_by")).containsExactly("window");
    assertThat(estate.refused("window", "cancel", "web-01"))
        .isEqualToIgnoringNewLines("'web-01' has no window that is open.");
  }

  @Test
  void probesPutACommitOffUntilTheyPassAndACancelledWindowDoesNothing() throws IOException {
    HttpServer guest =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    guest.start();
    String probes =
        ",\"probes\":[{\"kind\":\"HttpCheck\",\"url\":\"http://127.0.0.1:%d/\",\"status\":200,\"limit\":\"PT1S\"}]"
            .formatted(guest.getAddress().getPort());
    try {
      failOver("db-01", "commit", probes);
      Instant end = endOf("db-01");
      assertThat(estate.done("window", "cancel", "db-01", "--by", "kim"))
          .isEqualToIgnoringNewLines(
              "The window of 'db-01' that was to end at %s is cancelled: nothing is done by itself."
                  .formatted(end));
      assertThat(estate.status("db-01").hasNonNull("window")).isFalse();
      hasEnded(WindowTimer.workflowId(estate.replicaId("db-01")));
      assertThat(estate.is("db-01", "FAILOVER")).isTrue();

      estate.done("start", "undo-failover", "{\"vms\":[\"db-01\"]}", "--wait");
      failOver("db-01", "commit", probes);
      endsSoon("db-01");
      estate.until("put off", () -> estate.status("db-01").at("/window/extensions").asInt() == 1);
      assertThat(endOf("db-01")).isAfter(Instant.now().plus(Duration.ofHours(3)));
      assertThat(estate.done("status"))
          .contains("db-01: its failover is committed by itself at ")
          .contains(", put off 1 times by its probes)");
      assertThat(audit("db-01", "putOffWindow", "asked_by || ': ' || detail"))
          .singleElement()
          .asString()
          .startsWith("probes: The window of 'db-01' ended at ")
          .contains("does not pass");

      guest.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      endsSoon("db-01");
      estate.until("committed by itself", () -> estate.is("db-01", "PERMANENT"));
      hasEnded(WindowTimer.workflowId(estate.replicaId("db-01")));
    } finally {
      guest.stop(0);
    }
  }

  @Test
  void aFailbackThatWaitsIsSynchronisedByItselfAndItsWindowCommitsIt() throws IOException {
    byte[] before = atProduction("gw-01", "as-it-was");
    estate.done("start", "partial-failover", "{\"vms\":[\"app-01\",\"gw-01\"]}", "--wait");
    estate.done(
        "start",
        "failback",
        "{\"vms\":[\"app-01\",\"gw-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"PT5M\",\"window\":{\"length\":\"PT4H\",\"atEnd\":\"commit\"}}",
        "--wait");
    Instant made = lastRound("app-01");
    assertThat(estate.done("status"))
        .contains("synchronised last at " + made)
        .contains("; again at " + made.plus(Duration.ofMinutes(5)));
    serverWrites("app-01", 4 * MIB);
    serverWrites("gw-01", 4 * MIB);

    synchronisesSoon("app-01");
    synchronisesSoon("gw-01");

    assertThat(sent("app-01").getLast()).satisfies(WindowCommandsIT::isByListAndLarge);
    assertThat(audit("app-01", "recordRound", "asked_by").getLast()).isEqualTo("schedule");
    assertThat(powerAtProduction("app-01")).isEqualTo(PowerState.OFF);
    assertThat(powerAtProduction("gw-01")).isEqualTo(PowerState.OFF);

    estate.done("start", "cancel-failback", "{\"vms\":[\"gw-01\"]}", "--wait");
    assertThat(atProduction("gw-01", "after")).isEqualTo(before);
    assertThat(ours("berlin", "gw-01")).isEmpty();
    assertThat(ours("potsdam", "gw-01_replica")).noneMatch(name -> name.contains("-round-"));
    hasEnded(SwitchTimer.workflowId(estate.replicaId("gw-01")));

    estate.done("start", "switch-over", "{\"vms\":[\"app-01\"]}", "--wait");
    assertThat(sent("app-01").subList(2, 4))
        .as("little is left for the switch")
        .allSatisfy(round -> assertThat(bytes(round)).isLessThan(MIB));
    assertThat(estate.done("status"))
        .contains("app-01: its failback is committed by itself at " + endOf("app-01"));
    endsSoon("app-01");
    estate.until("committed by itself", () -> estate.is("app-01", "READY"));
    assertThat(ours("berlin", "app-01")).isEmpty();
    assertThat(audit("app-01", "endFailback", "asked_by")).containsExactly("window");
  }

  private static void failOver(String vm, String atEnd, String probes) {
    estate.done(
        "start",
        "partial-failover",
        "{\"vms\":[\"%s\"],\"window\":{\"length\":\"PT4H\",\"atEnd\":\"%s\"%s}}"
            .formatted(vm, atEnd, probes),
        "--wait");
  }

  private static Instant endOf(String vm) {
    return Instant.parse(estate.status(vm).at("/window/endsAt").asString());
  }

  private static void endsSoon(String vm) {
    String id = estate.replicaId(vm);
    estate.pass(
        "update commit_window set ends_at = now() + interval '1 second' where replica_id = '%s'"
            .formatted(id));
    estate.workflow(WindowTimer.workflowId(id)).signal(WindowTimer.WAKE);
  }

  private static Instant lastRound(String vm) {
    return Instant.parse(estate.status(vm).at("/failback/rounds/lastAt").asString());
  }

  private static void synchronisesSoon(String vm) {
    String id = estate.replicaId(vm);
    estate.pass(
        "update failback set round_at = now() - interval '299 seconds' where replica_id = '%s'"
            .formatted(id));
    Instant before = lastRound(vm);
    estate.workflow(SwitchTimer.workflowId(id)).signal(SwitchTimer.WAKE);
    estate.until(
        "a round of " + vm,
        () -> lastRound(vm).isAfter(before) && estate.is(vm, "READY_TO_SWITCH"));
  }

  private static void serverWrites(String vm, int bytes) {
    try (LabClient potsdam = estate.site("potsdam")) {
      VmView replica = replica(potsdam, vm);
      byte[] text = "what a day's work leaves behind\n".repeat(bytes / 32).getBytes(UTF_8);
      potsdam.writeInGuest(replica.id(), replica.disks().getFirst().id(), 2L * MIB, text);
    }
  }

  private static VmView replica(LabClient potsdam, String vm) {
    return potsdam.site().vms().stream()
        .filter(one -> one.name().equals(vm + "_replica"))
        .findFirst()
        .orElseThrow();
  }

  /** What each round has sent, in the words of the audit. */
  private static List<String> sent(String vm) {
    return audit(vm, "synchronise", "detail");
  }

  private static void isByListAndLarge(String round) {
    assertThat(round).contains("CHANGE_LIST");
    assertThat(bytes(round)).isGreaterThan(3 * MIB);
  }

  private static long bytes(String round) {
    return SENT.matcher(round)
        .results()
        .findFirst()
        .map((MatchResult found) -> Long.parseLong(found.group(1)))
        .orElseThrow();
  }

  private static List<String> audit(String vm, String step, String column) {
    return estate.column(
        "select %s from audit where replica_id = '%s' and step = '%s' and outcome = 'DONE' order by sequence"
            .formatted(column, estate.replicaId(vm), step));
  }

  private static PowerState powerAtProduction(String vm) {
    try (LabClient berlin = estate.site("berlin")) {
      return berlin.look(vm).power();
    }
  }

  private static List<String> ours(String site, String vm) {
    try (LabClient client = estate.site(site)) {
      VmView view =
          client.site().vms().stream()
              .filter(one -> one.name().equals(vm))
              .findFirst()
              .orElseThrow();
      return view.snapshots().stream()
          .map(SnapshotView::name)
          .filter(name -> name.startsWith("switchback-"))
          .toList();
    }
  }

  private static byte[] atProduction(String vm, String snapshot) throws IOException {
    String disk;
    try (LabClient berlin = estate.site("berlin")) {
      berlin.createSnapshot(vm, snapshot, false, null);
      disk = berlin.look(vm).disks().getFirst().id();
    }
    try (LabDiskSource source =
        LabDiskSource.open(estate.directory("berlin"), vm, disk, snapshot)) {
      ByteBuffer all = ByteBuffer.allocate((int) source.capacityBytes());
      source.read(0, all);
      return all.array();
    }
  }

  private static void hasEnded(String workflowId) {
    estate.until(
        workflowId + " ends",
        () ->
            estate.workflow(workflowId).describe().getStatus()
                == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
  }
}
