package io.switchback.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.Payloads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Never two holders of one claim, as the sites have seen it: what was changed at a site was changed
 * under an epoch, each epoch is one operation's, and the epochs that a VM sees never go back.
 */
final class Holders {
  private final World world;
  private final Map<String, Long> read = new HashMap<>();
  private final Map<String, String> operationByEpoch = new HashMap<>();
  private final Map<String, Long> epochByVm = new HashMap<>();

  Holders(World world) {
    this.world = world;
  }

  /** Reads what the journals of both sites have more than last time. */
  void check() throws Exception {
    for (String site : List.of("berlin", "potsdam")) {
      for (String line : more(site)) {
        check(site, Payloads.mapper().readTree(line));
      }
    }
    assertThat(
            world.ask(
                """
                select replica_id from claim where released_at is null
                group by replica_id having count(*) > 1
                """))
        .as("claims with two holders")
        .isEmpty();
  }

  private void check(String site, JsonNode effect) {
    JsonNode fence = effect.path("fence");
    if (!fence.isObject()) {
      return;
    }
    String vm = site + " " + effect.path("vm").asString("");
    long epoch = fence.path("epoch").asLong(0);
    long before = epochByVm.getOrDefault(vm, 0L);
    assertThat(epoch).as("epochs of %s go back: %s", vm, effect).isGreaterThanOrEqualTo(before);
    epochByVm.put(vm, epoch);
    String operation = effect.path("operationId").asString("");
    if (!isCycle(operation)) {
      String holder = operationByEpoch.putIfAbsent(vm + " " + epoch, operation);
      assertThat(holder == null || holder.equals(operation))
          .as("epoch %d of %s is held by %s and %s: %s", epoch, vm, holder, operation, effect)
          .isTrue();
    }
  }

  /** A cycle holds no claim: it carries the epoch that it found. */
  private static boolean isCycle(String operation) {
    return operation.startsWith("cycle/");
  }

  private List<String> more(String site) throws IOException {
    try (RandomAccessFile journal =
        new RandomAccessFile(world.site(site).resolve("effects.jsonl").toFile(), "r")) {
      long from = read.getOrDefault(site, 0L);
      byte[] bytes = new byte[(int) (journal.length() - from)];
      journal.seek(from);
      journal.readFully(bytes);
      int whole = bytes.length;
      while (whole > 0 && bytes[whole - 1] != '\n') {
        whole--;
      }
      read.put(site, from + whole);
      return new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList();
    }
  }
}
