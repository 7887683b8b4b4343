package io.switchback.worker.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import io.switchback.operation.MemberResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A person who has nothing but the recovery site and its page starts the VM; Switchback takes it
 * over afterwards.
 */
@Tag("process")
final class BreakGlassIT {
  private static final Pattern SERVES = Pattern.compile("its guest serves at (\\S+)");

  @TempDir Path directory;

  @Test
  void startsAVmByItsSheetAloneAndTakesItOver() throws Exception {
    try (CrashEstate estate = new CrashEstate(directory)) {
      Path sheet = directory.resolve("potsdam/break-glass").resolve(estate.replica.id() + ".txt");
      CrashEstate.until("the sheet", () -> Files.exists(sheet));
      for (WorkerProcess worker : estate.workers) {
        worker.kill();
      }
      estate.killTemporal();
      estate.stopRegistry();
      var _ = estate.production.powerOff(CrashEstate.VM, null);

      String page = Files.readString(sheet);
      assertThat(page).doesNotContain(Files.readString(directory.resolve("potsdam/token")).strip());
      String said = "";
      for (String command : commands(page)) {
        said = run(command);
      }

      Matcher serves = SERVES.matcher(said);
      assertThat(serves.find()).as(said).isTrue();
      assertThat(get(URI.create(serves.group(1)))).contains("web-01_replica", "lastWritten");
      JsonNode testimony = estate.testimony();
      assertThat(testimony.path("verdict").asString()).as(testimony.toString()).isEqualTo("OK");
      assertThat(testimony.path("recordsLost").asLong()).isZero();

      estate.startRegistry();
      estate.startTemporal();
      estate.startWorkers();
      ReplicationStatus found =
          estate
              .temporal
              .newUntypedWorkflowStub(Replication.workflowId(estate.replica.id()))
              .update("replicateNow", ReplicationStatus.class);
      assertThat(found.phase()).contains("nothing of Switchback powered it on");
      MemberResult adopted = CrashEstate.end(estate.begin("Adopt")).members().getFirst();
      assertThat(adopted.outcome()).as(adopted.notes().toString()).isEqualTo(Outcome.DONE);
      assertThat(estate.recovery.look(CrashEstate.REPLICA).power()).isEqualTo(PowerState.ON);
      assertThat(powerOns()).as("nobody but the person powered it on").isEqualTo(1);
    }
  }

  private static List<String> commands(String page) {
    List<String> commands =
        page.lines().filter(line -> line.startsWith("$ ")).map(line -> line.substring(2)).toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(4);
    return commands;
  }

  /** As typed into a shell that knows the command {@code switchback}. */
  private String run(String command) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String script =
        "switchback() { '%s' -XX:TieredStopAtLevel=1 -cp \"$PROGRAM\" io.switchback.worker.command.Switchback \"$@\"; }\n%s\n"
            .formatted(java, command);
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    shell.environment().put("PROGRAM", System.getProperty("java.class.path"));
    shell.environment().put("SWITCHBACK_HOME", directory.resolve("nobodys-home").toString());
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s said: %s", command, said).isZero();
    return said;
  }

  private static String get(URI service) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(service).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private long powerOns() throws Exception {
    return Files.readAllLines(directory.resolve("potsdam/effects.jsonl")).stream()
        .filter(line -> line.contains("\"powerOn\""))
        .count();
  }
}
