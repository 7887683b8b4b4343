package io.switchback.worker.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.lab.witness.Witness;
import io.switchback.port.Payloads;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Asks the witness: a program of its own that opens the disks itself and knows nothing of what this
 * program believes.
 */
final class Witnesses {
  private static final int COULD_NOT_LOOK = 2;

  private final Path production;
  private final Path recovery;

  Witnesses(Path production, Path recovery) {
    this.production = production;
    this.recovery = recovery;
  }

  /** What the replica's disk holds of production's records. */
  JsonNode ofReplica(String vm, String replica) {
    return run("failover", production.toString(), vm, recovery.toString(), replica);
  }

  /** What production's disk holds of what its replica had written when it was powered off. */
  JsonNode ofFailback(String replica, String vm) {
    return run("failback", recovery.toString(), replica, production.toString(), vm);
  }

  /** Whether production's own disk still stands at its own last record. */
  JsonNode ofProduction(String vm) {
    return run("production", production.toString(), vm);
  }

  /** Whether the witness found nothing wrong. */
  static boolean isOk(JsonNode testimony) {
    return testimony.path("verdict").asString("").equals("OK");
  }

  private static JsonNode run(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Witness.class.getName());
    command.addAll(List.of(arguments));
    try {
      Process witness =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String said = new String(witness.getInputStream().readAllBytes(), UTF_8);
      if (witness.waitFor() == COULD_NOT_LOOK) {
        throw Refusal.failed("The witness could not look at the disks; it says above why.");
      }
      return Payloads.mapper().readTree(said);
    } catch (IOException failure) {
      throw Refusal.unreachable(
          "Could not run the witness: " + failure.getMessage() + ".", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Refusal.unreachable("Interrupted while the witness read.", interrupted);
    }
  }
}
