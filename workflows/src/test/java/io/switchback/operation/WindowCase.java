package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.temporal.client.WorkflowUpdateException;
import java.time.Instant;

/** A VM that is failed over or back with a window, and the timer of it. */
abstract class WindowCase extends TimerCase {
  @Override
  final String timerId() {
    return WindowTimer.workflowId(replica.id());
  }

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

  @Override
  final void ends(ReplicaState state) {
    super.ends(state);
    assertThat(estate.registry.window(replica.id())).isEmpty();
  }

  /** The server in memory skips no time once a run was terminated: that it runs must do. */
  final void isTimed() {
    estate.until(
        "the timer goes by it", () -> details().contains("left**: at " + window().endsAt()));
  }

  final String details() {
    return Estate.details(timer());
  }

  final CommitWindow window() {
    return estate.registry.window(replica.id()).orElseThrow();
  }

  final Instant doneAt(String step) {
    return audit(step).getLast().at();
  }
}
