package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;

/** A failback that waits for its switch, and the timer of it. */
abstract class SwitchCase {
  static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";

  @AutoClose final Estate estate = new Estate(0, "berlin", "munich");
  final Replica replica = failedOver();

  final Replica failedOver() {
    Replica made = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    return made;
  }

  final Instant scheduledIn(Duration time) {
    Instant at = estate.now().plus(time);
    assertThat(run("Failback", scheduling(at)).state()).isEqualTo(READY_TO_SWITCH);
    return at;
  }

  static String scheduling(Instant at) {
    return "{\"vms\":[\"web-01\"],\"switchover\":\"scheduled\",\"resynchroniseEvery\":\"off\",\"at\":\"%s\"}"
        .formatted(at);
  }

  static String moving(Instant at) {
    return "{\"vms\":[\"web-01\"],\"at\":\"%s\"}".formatted(at);
  }

  final MemberResult move(Instant at) {
    return run("SwitchOver", moving(at));
  }

  /** Runs an operation to its end; nobody lets time skip to what the timer waits for meanwhile. */
  final MemberResult run(String type, String input) {
    return estate.resultBesideParked(estate.start(type, input)).members().getFirst();
  }

  final void answer(String word) {
    var _ =
        estate
            .member(replica)
            .update(
                "answer", String.class, new Answer(null, null, word, "ada", "the test wants it"));
  }

  /** The timer comes to its end, with the replica in that state and released. */
  final void ends(ReplicaState state) {
    estate.result(timer(), Void.class);
    estate.until("released", () -> !estate.registry.isClaimed(replica.id()));
    assertThat(state()).isEqualTo(state);
    assertThat(hasEnded()).isTrue();
  }

  final boolean hasEnded() {
    return timer().describe().getStatus()
        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
  }

  final WorkflowStub timer() {
    return estate.client().newUntypedWorkflowStub(SwitchTimer.workflowId(replica.id()));
  }

  final ReplicaState state() {
    return estate.registry.state(replica.id());
  }

  final Instant switchedAt() {
    return estate.registry.audit().stream()
        .filter(entry -> entry.step().equals("completeSwitch"))
        .map(AuditEntry::at)
        .findFirst()
        .orElseThrow();
  }

  final List<AuditEntry> claims(Operation operation) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.operation() == operation && entry.step().equals("claim"))
        .filter(entry -> entry.outcome().equals("DONE"))
        .toList();
  }

  final List<Notice> pages() {
    return estate.people.notices().stream()
        .filter(notice -> notice.fault().equals("REFUSED"))
        .toList();
  }

  final List<Notice> stops() {
    return estate.people.notices().stream()
        .filter(notice -> notice.fault().equals("STOPPED"))
        .toList();
  }
}
