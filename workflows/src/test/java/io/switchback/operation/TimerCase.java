package io.switchback.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;

/** A VM, and a timer that does something with its replica by itself. */
abstract class TimerCase {
  static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";

  @AutoClose final Estate estate = new Estate(0, "berlin", "munich");
  final Replica replica = estate.vm("web-01");

  /** The workflow id of the timer. */
  abstract String timerId();

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
  void ends(ReplicaState state) {
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
    return estate.client().newUntypedWorkflowStub(timerId());
  }

  final ReplicaState state() {
    return estate.registry.state(replica.id());
  }

  final List<AuditEntry> audit(String step) {
    return estate.registry.audit().stream().filter(entry -> entry.step().equals(step)).toList();
  }

  final List<AuditEntry> claims(Operation operation) {
    return audit("claim").stream()
        .filter(entry -> entry.operation() == operation)
        .filter(entry -> entry.outcome().equals("DONE"))
        .toList();
  }

  final List<Notice> pages(String fault) {
    return estate.people.notices().stream().filter(notice -> notice.fault().equals(fault)).toList();
  }
}
