package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import io.switchback.lab.SnapshotView;
import io.switchback.operation.SwitchTimer;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A scheduled switch that is moved, and then cancelled. */
final class MovedSwitchStory extends Story {
  private static final Instant FIRST = Instant.parse("2126-03-01T22:00:00Z");
  private static final Instant MOVED = Instant.parse("2127-03-01T22:00:00Z");

  MovedSwitchStory(CrashEstate estate) {
    super(estate);
  }

  @Override
  void before() throws Exception {
    protect();
    failOver();
    done(
        start(
            "Failback",
            Map.of("vms", List.of(vm), "switchover", "scheduled", "at", FIRST.toString())));
  }

  @Override
  Begun begin() {
    return begun(start("SwitchOver", Map.of("vms", List.of(vm), "at", MOVED.toString())));
  }

  @Override
  void after() throws Exception {
    assertThat(
            estate.count(
                "select count(*) from failback where replica_id = '%s' and switch_at = '%s'"
                    .formatted(replicaId(), MOVED)))
        .isOne();
    assertThat(replicaView().orElseThrow().power()).as("serves on").isEqualTo(PowerState.ON);
    assertThat(timer()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    String id = replicaId();
    done(start("CancelFailback", Map.of("vms", List.of(vm))));
    CrashEstate.until(
        "the timer's end",
        () -> timer() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
    assertThat(estate.count("select count(*) from failback where replica_id = '%s'".formatted(id)))
        .isZero();
    assertThat(estate.production.snapshots(vm))
        .extracting(SnapshotView::name)
        .noneMatch(name -> name.contains("target-"));
    done(start("UndoFailover", Map.of("vms", List.of(vm))));
    tidy();
  }

  private WorkflowExecutionStatus timer() {
    return estate
        .temporal
        .newUntypedWorkflowStub(SwitchTimer.workflowId(replicaId()))
        .describe()
        .getStatus();
  }
}
