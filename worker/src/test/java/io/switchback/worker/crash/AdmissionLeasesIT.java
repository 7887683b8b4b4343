package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two runs and two workers share one cap, also when a worker dies that is starting VMs. */
@Tag("process")
@Order(2)
class AdmissionLeasesIT {
  private static final int CAP = 3;
  private static final List<String> VMS =
      IntStream.rangeClosed(1, 20).mapToObj("vm-%02d"::formatted).toList();

  @TempDir Path directory;

  @Test
  void neverMoreThanTheCapStartAtOnceAlthoughAWorkerDiesThatStartsThem() throws Exception {
    try (CrashEstate estate = new CrashEstate(directory, VMS, CAP, Duration.ofSeconds(1))) {
      Caught caught =
          Caught.set(estate, new Trap.Lab("potsdam", "powerOn", estate.replica.recovery().id()));
      WorkflowStub first = estate.begin("PartialFailover", VMS.subList(0, 10));
      WorkflowStub second = estate.begin("PartialFailover", VMS.subList(10, 20));
      caught.await();
      CrashEstate.until("every place to be taken", () -> estate.starting() == CAP);
      WorkerProcess lost = caught.worker("PowerOnVm", first.getExecution().getWorkflowId());

      lost.kill();

      caught.release();
      well(CrashEstate.end(first));
      well(CrashEstate.end(second));
      assertThat(startedAtOnce(estate.journal())).isEqualTo(CAP);
      assertThat(powerOns(estate.journal()))
          .containsOnlyKeys(
              estate.replicas.stream().map(Replica::recovery).map(vm -> vm.id()).toList())
          .allSatisfy((vm, times) -> assertThat(times).as(vm).isEqualTo(1));
      assertThat(estate.starting()).isZero();
    }
  }

  private static void well(OperationResult result) {
    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.DONE);
    assertThat(result.members())
        .hasSize(10)
        .extracting(MemberResult::state)
        .containsOnly(ReplicaState.FAILOVER);
  }

  /** The most VMs that were powered on and had not booted, at any moment, by the site's word. */
  private static int startedAtOnce(List<JsonNode> journal) {
    Set<String> starting = new HashSet<>();
    int most = 0;
    for (JsonNode effect : journal) {
      String vm = effect.path("vm").asString("");
      switch (effect.path("kind").asString("")) {
        case "powerOn" -> starting.add(vm);
        case "booted" -> starting.remove(vm);
        default -> {}
      }
      most = Math.max(most, starting.size());
    }
    return most;
  }

  private static Map<String, Integer> powerOns(List<JsonNode> journal) {
    Map<String, Integer> counted = new HashMap<>();
    journal.stream()
        .filter(effect -> effect.path("kind").asString("").equals("powerOn"))
        .forEach(effect -> counted.merge(effect.path("vm").asString(""), 1, Integer::sum));
    return counted;
  }
}
