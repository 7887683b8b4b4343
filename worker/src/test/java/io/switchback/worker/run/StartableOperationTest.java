package io.switchback.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.operation.Adopt;
import io.switchback.operation.PartialFailover;
import io.switchback.operation.PermanentFailover;
import io.switchback.operation.Reconcile;
import io.switchback.operation.UndoFailover;
import io.switchback.port.Payloads;
import io.switchback.worker.local.Refusal;
import io.temporal.workflow.WorkflowMethod;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class StartableOperationTest {
  @Test
  void isFoundByItsTypeAndByItsWords() {
    for (String name : List.of("PartialFailover", "partial-failover", "fail over", "FAIL OVER")) {
      assertThat(StartableOperation.named(name)).isEqualTo(StartableOperation.PARTIAL_FAILOVER);
    }
    assertThat(StartableOperation.named("undo_failover"))
        .isEqualTo(StartableOperation.UNDO_FAILOVER);
  }

  @Test
  void namesTheNearestOfAMistypedOne() {
    assertThatThrownBy(() -> StartableOperation.named("undo-failovr"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("Did you mean undo-failover?");
    assertThatThrownBy(() -> StartableOperation.named("x"))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "There is no operation 'x'. Operations are partial-failover, planned-failover,"
                + " full-site-failover, undo-failover, permanent-failover, failback, switch-over,"
                + " resynchronise-failback, cancel-failback,"
                + " commit-failback, undo-failback, adopt, isolate, reconnect, reconcile, protect,"
                + " unprotect, reconfigure.");
  }

  @Test
  void hasTheTypeOfItsWorkflow() {
    assertThat(StartableOperation.PARTIAL_FAILOVER.type()).isEqualTo(typeOf(PartialFailover.class));
    assertThat(StartableOperation.UNDO_FAILOVER.type()).isEqualTo(typeOf(UndoFailover.class));
    assertThat(StartableOperation.PERMANENT_FAILOVER.type())
        .isEqualTo(typeOf(PermanentFailover.class));
    assertThat(StartableOperation.ADOPT.type()).isEqualTo(typeOf(Adopt.class));
    assertThat(StartableOperation.RECONCILE.type()).isEqualTo(typeOf(Reconcile.class));
  }

  @Test
  void hasAnExampleThatARunAccepts() {
    for (StartableOperation operation : StartableOperation.values()) {
      ObjectNode example = (ObjectNode) Payloads.mapper().readTree(operation.example());
      RunRequest request = RunRequest.of(operation, example, "kim");
      assertThat(request.workflowId()).startsWith(operation.word() + "/");
    }
  }

  private static String typeOf(Class<?> workflow) {
    return Arrays.stream(workflow.getMethods())
        .filter(method -> method.isAnnotationPresent(WorkflowMethod.class))
        .map((Method method) -> method.getAnnotation(WorkflowMethod.class).name())
        .findFirst()
        .orElseThrow();
  }
}
