package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.operation.Answer;
import io.switchback.operation.MemberResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.ReplicaStatus;
import io.temporal.client.WorkflowStub;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A protection that a person aborts, because its run could not hear that the replica is in the
 * registry: every attempt to say so was lost.
 */
final class AbortedProtectStory extends Story {
  private WorkflowStub run;

  AbortedProtectStory(CrashEstate estate) {
    super(estate);
  }

  @Override
  void before() {
    create(vm);
    List<HoldingProxy.Trap> lost =
        estate.workers.stream()
            .map(worker -> worker.temporal.lose(TemporalMessages.completionOf("WriteReplica")))
            .toList();
    Map<String, Object> input = new HashMap<>(protection(vm));
    input.put("pace", Map.of("heartbeat", "PT2S", "attempts", 4, "backoff", "PT0.1S"));
    run = start("Protect", input);
    CrashEstate.until("the run to wait for a person", this::isParked);
    lost.forEach(HoldingProxy.Trap::release);
    assertThat(replicas()).as("written, though nobody heard so").isOne();
  }

  private boolean isParked() {
    try {
      return ofVm().query("status", ReplicaStatus.class).parked() != null;
    } catch (RuntimeException notThereYet) {
      return false;
    }
  }

  private WorkflowStub ofVm() {
    return estate.temporal.newUntypedWorkflowStub("protect/berlin/" + vm);
  }

  private long replicas() {
    return estate.count("select count(*) from replica where production_vm = '" + vm + "'");
  }

  @Override
  Begun begin() {
    var _ =
        ofVm().update("answer", String.class, new Answer(null, null, Answer.ABORT, "test", "test"));
    return new Begun(
        begun(run).runs(),
        () ->
            assertThat(CrashEstate.end(run).members())
                .extracting(MemberResult::outcome)
                .containsExactly(Outcome.ABORTED));
  }

  @Override
  void after() {
    assertThat(replicas()).as("in the registry").isZero();
    assertThat(replicaView()).as("at the recovery site").isEmpty();
    assertThat(estate.count("select count(*) from reservation")).isZero();
    estate.production.deleteVm(vm, null);
  }
}
