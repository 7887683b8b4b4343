package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.operation.WindowChange;
import io.switchback.operation.WindowTimer;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A failover with a window, which is extended or cancelled. */
final class WindowStory extends Story {
  private final String update;

  /**
   * @param update of the window's timer; empty: the failover itself
   */
  WindowStory(CrashEstate estate, String update) {
    super(estate);
    this.update = update;
  }

  @Override
  void before() throws Exception {
    protect();
    if (!update.isEmpty()) {
      done(failOverWithWindow());
    }
  }

  private WorkflowStub failOverWithWindow() {
    return start(
        "PartialFailover",
        Map.of("vms", List.of(vm), "window", Map.of("length", "P30D", "atEnd", "undo")));
  }

  @Override
  Begun begin() {
    if (update.isEmpty()) {
      return begun(failOverWithWindow());
    }
    CompletableFuture<String> told = CompletableFuture.supplyAsync(this::change);
    return new Begun(
        List.of(WindowTimer.workflowId(replicaId())),
        () -> assertThat(told.get(90, TimeUnit.SECONDS)).contains(vm));
  }

  private String change() {
    WindowChange change =
        update.equals(WindowTimer.EXTEND)
            ? new WindowChange("P10D", null, "crash test", null)
            : new WindowChange(null, null, "crash test", null);
    return timer().update(update, String.class, change);
  }

  @Override
  void after() throws Exception {
    boolean isOpen = !update.equals(WindowTimer.CANCEL);
    int days = update.equals(WindowTimer.EXTEND) ? 39 : 29;
    assertThat(
            estate.count(
                """
                select count(*) from commit_window
                where replica_id = '%s' and ends_at > now() + interval '%d days'
                  and ends_at < now() + interval '%d days'
                """
                    .formatted(replicaId(), days, days + 1)))
        .isEqualTo(isOpen ? 1 : 0);
    if (isOpen) {
      assertThat(status(timer()))
          .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    }
    done(start("UndoFailover", Map.of("vms", List.of(vm))));
    CrashEstate.until(
        "the timer's end",
        () -> status(timer()) == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
    assertThat(
            estate.count(
                "select count(*) from commit_window where replica_id = '%s'"
                    .formatted(replicaId())))
        .isZero();
    tidy();
  }

  private WorkflowStub timer() {
    return estate.temporal.newUntypedWorkflowStub(WindowTimer.workflowId(replicaId()));
  }

  private static WorkflowExecutionStatus status(WorkflowStub run) {
    return run.describe().getStatus();
  }
}
