package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;

/** A VM that is failed over or back with a window, and the timer of it. */
abstract class WindowCase {
  static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";

  @AutoClose final Estate estate = new Estate(0, "berlin", "munich");
  final Replica replica = estate.vm("web-01");

  /** The end of the window. */
  final Instant failOver(String length, String atEnd, String probes) {
    done("PartialFailover", asking(length, atEnd, probes));
    return requireNonNull(window().endsAt());
  }

  final void failedBack(String type, String atEnd) {
    done("PartialFailover", WEB);
    done(type, asking("PT4H", atEnd, ""));
    assertThat(state()).isEqualTo(FAILBACK);
  }

  static String asking(String length, String atEnd, String probes) {
    return "{\"vms\":[\"web-01\"],\"by\":\"ada\",\"window\":{\"length\":\"%s\",\"atEnd\":\"%s\"%s}}"
        .formatted(length, atEnd, probes);
  }

  final void done(String type, String input) {
    MemberResult result = run(type, input);
    assertThat(result.outcome()).as(result.notes().toString()).isEqualTo(Outcome.DONE);
  }

  /** Runs an operation to its end; nobody lets time skip to what the timer waits for meanwhile. */
  final MemberResult run(String type, String input) {
    return estate.resultBesideParked(estate.start(type, input)).members().getFirst();
  }

  final String extend(String by) {
    return change(WindowTimer.EXTEND, new WindowChange(by, null, "bob", "we still look"));
  }

  final String change(String update, WindowChange change) {
    return timer().update(update, String.class, change);
  }

  final void refuses(WindowChange change, String because) {
    assertThatThrownBy(() -> change(WindowTimer.EXTEND, change))
        .isInstanceOf(WorkflowUpdateException.class)
        .rootCause()
        .hasMessageContaining(because);
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
    assertThat(estate.registry.window(replica.id())).isEmpty();
  }

  /** The server in memory skips no time once a run was terminated: that it runs must do. */
  final void isTimed() {
    estate.until(
        "the timer goes by it", () -> details().contains("left**: at " + window().endsAt()));
  }

  final boolean hasEnded() {
    return timer().describe().getStatus()
        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
  }

  final WorkflowStub timer() {
    return estate.client().newUntypedWorkflowStub(WindowTimer.workflowId(replica.id()));
  }

  final String details() {
    return Estate.details(timer());
  }

  final CommitWindow window() {
    return estate.registry.window(replica.id()).orElseThrow();
  }

  final ReplicaState state() {
    return estate.registry.state(replica.id());
  }

  final Instant doneAt(String step) {
    return audit(step).getLast().at();
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
