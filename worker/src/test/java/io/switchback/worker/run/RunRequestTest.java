package io.switchback.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.port.Payloads;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class RunRequestTest {
  @Test
  void putsInAnOperationIdAndWhoAsksWhereTheyAreAbsent() {
    RunRequest request = request("{\"vms\":[\"web-01\"]}");

    assertThat(request.input().get("by").asString()).isEqualTo("kim");
    assertThat(request.input().get("operationId").asString()).isEqualTo(request.operationId());
    assertThat(request.operationId()).hasSize(36);
    assertThat(request.workflowId())
        .isEqualTo("partial-failover/" + request.operationId().substring(0, 8));
  }

  @Test
  void leavesWhatIsGivenAsItIs() {
    RunRequest request =
        request(
            "{\"vms\":[\"web-01\"],\"by\":\"lee\",\"operationId\":\"8c1b0f9e-3df2-4c5e-a3de-111111111111\"}");

    assertThat(request.read().by()).isEqualTo("lee");
    assertThat(request.workflowId()).isEqualTo("partial-failover/8c1b0f9e");
  }

  @Test
  void namesTheSameRunEachTimeForTheSameOperationId() {
    String input =
        "{\"vms\":[\"web-01\"],\"operationId\":\"8c1b0f9e-3df2-4c5e-a3de-111111111111\"}";

    assertThat(request(input).workflowId())
        .isEqualTo(request(input).workflowId())
        .isEqualTo("partial-failover/8c1b0f9e");
  }

  @Test
  void listsEveryMistake() {
    assertThatThrownBy(() -> request("{\"vm\":[\"web-01\"],\"overrides\":7}"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("3 mistakes")
        .hasMessageContaining("'vm' is unknown")
        .hasMessageContaining("vms must be a list")
        .hasMessageContaining("overrides must be a list");
  }

  private static RunRequest request(String json) {
    return RunRequest.of(
        StartableOperation.PARTIAL_FAILOVER, (ObjectNode) Payloads.mapper().readTree(json), "kim");
  }
}
