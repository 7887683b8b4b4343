package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.model.Replica;
import io.switchback.port.Effect;
import io.temporal.api.failure.v1.Failure;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputTest {
  @AutoClose private final Estate estate = new Estate();

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"null", "[]", "\"web-01\"", "7", "[\"web-01\"]"})
  void saysWhatAnInputLooksLikeWhenItIsNone(@Nullable String input) {
    assertThat(refusal("PartialFailover", input))
        .contains("must be an object like {\"vms\":[\"web-01\"]} or {\"group\":\"erp\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"vms\":[]}", "{\"vms\":null}", "{\"vms\":\"web-01\"}", "{\"vms\":{}}"})
  void asksForVms(String input) {
    assertThat(refusal("UndoFailover", input)).contains("vms must be a list with at least one VM");
  }

  @Test
  void listsEveryMistakeAtOnceAndChangesNothing() {
    estate.vm("web-01");

    String refusal =
        refusal(
            "PartialFailover",
            """
            {"vms": ["web-01", "web-01", 5, {"nam": "db-01"}, {"name": "db-02", "point": "x", "restorePoint": 3}],
             "vsm": [],
             "by": 7,
             "operationId": "mine",
             "overrides": ["x", {"check": "moonPhase", "by": "ada"}, {"check": "moonPhase", "by": "ada", "reason": "r", "extra": 1}],
             "pace": {"attempts": 0, "heartbeet": "PT1S", "backoff": "soon"}}
            """);

    assertThat(refusal)
        .startsWith("Nothing was changed, because the input has ")
        .contains(
            "\n  - 'vsm' is unknown; known are by, group, operationId, overrides, pace, reason,"
                + " restorePoint, vms")
        .contains("\n  - vm 'web-01' is named twice")
        .contains("\n  - vms[2] must be a name, or a record like")
        .contains("\n  - vms[3] must be a name, or a record like")
        .contains("\n  - 'vms[4].point' is unknown")
        .contains("\n  - vms[4].restorePoint must be text")
        .contains("\n  - by must be text")
        .contains("\n  - operationId must be a UUID")
        .contains("\n  - overrides[0] must be a record like")
        .contains("\n  - overrides[1]: override: reason is missing")
        .contains("\n  - 'overrides[2].extra' is unknown")
        .contains("\n  - overrides[2].check 'moonPhase' is unknown; checks are productionStillRuns")
        .contains("\n  - 'pace.heartbeet' is unknown")
        .contains("\n  - pace.backoff")
        .doesNotContain("Exception")
        .doesNotContain("java.");
    assertNothingWasChanged();
  }

  @Test
  void saysWhatIsWrongWithAGroup() {
    estate.vm("web-01");
    assertThat(refusal("PartialFailover", "{\"group\":7,\"restorePoint\":\"latest\"}"))
        .contains("\n  - group must be text")
        .contains("\n  - group must be the name of one, as in {\"group\":\"erp\"}");
    assertThat(
            refusal(
                "PartialFailover", "{\"group\":\"erp\",\"vms\":[{\"group\":\"erp\"},\"a\",\"a\"]}"))
        .contains("\n  - group 'erp' is named twice")
        .contains("\n  - vm 'a' is named twice");
    assertThat(refusal("PartialFailover", "{\"vms\":[\"a\"],\"restorePoint\":\"latest\"}"))
        .contains("restorePoint is of a group that is named beside it");
    assertThat(refusal("UndoFailover", "{\"group\":\"erp\",\"restorePoint\":\"latest\"}"))
        .contains("restorePoint cannot be chosen");
    assertThat(refusal("PartialFailover", "{\"group\":\"erp\"}")).contains("no group 'erp'");
    assertNothingWasChanged();
  }

  @Test
  void listsWhatTheRegistryKnowsBetterAndChangesNothing() {
    estate.vm("web-01");
    Replica over = estate.vm("db-01");
    estate.registry.state(over.id(), FAILOVER);

    String refusal =
        refusal(
            "PartialFailover",
            "{\"vms\":[{\"name\":\"web-01\",\"restorePoint\":\"web-01-0009\"},\"db-01\",\"ghost\"]}");

    assertThat(refusal)
        .contains("has 3 mistakes")
        .contains("'web-01' has no restore point 'web-01-0009'")
        .contains("fail over is not allowed: replica of 'db-01' is FAILOVER; allowed now: ")
        .contains("undo failover")
        .contains("'ghost' is unknown");
    assertNothingWasChanged();
  }

  @Test
  void anUndoTakesNoRestorePoint() {
    assertThat(
            refusal(
                "UndoFailover", "{\"vms\":[{\"name\":\"web-01\",\"restorePoint\":\"latest\"}]}"))
        .contains("vms[0].restorePoint cannot be chosen");
  }

  @Test
  void namesTheSiteAndTheQueueThatNobodyServesAndChangesNothing() {
    try (Estate halfServed = new Estate(600, "berlin")) {
      halfServed.vm("web-01");

      ApplicationFailure failure = failure(halfServed, "PartialFailover", "{\"vms\":[\"web-01\"]}");

      assertThat(failure.getType()).isEqualTo("NO_WORKER");
      assertThat(failure.getOriginalMessage())
          .isEqualTo(
              "Nothing was changed, because a site cannot be used:\n  - site 'munich': no worker polls its queue 'site.munich'. Start one there, then start the run again.");
      assertThat(halfServed.registry.effects()).extracting(Effect::what).containsOnly("greeting");
    }
  }

  @Test
  void saysThatTheRecoverySiteCannotBeReachedAndChangesNothing() {
    estate.vm("web-01");
    estate.recovery.reachable(false);

    ApplicationFailure failure = failure(estate, "PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(failure.getType()).isEqualTo("SITE_UNREACHABLE");
    assertThat(failure.getOriginalMessage())
        .contains("site 'munich': Could not reach site 'munich'");
    assertNothingWasChanged();
  }

  @Test
  void saysThatTheRegistryCannotBeReachedAndChangesNothing() {
    estate.vm("web-01");
    estate.registry.reachable(false);

    ApplicationFailure failure = failure(estate, "PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(failure.getType()).isEqualTo("REGISTRY_UNAVAILABLE");
    assertThat(failure.getOriginalMessage())
        .startsWith("Nothing was changed: Could not reach the registry");
    assertNothingWasChanged();
  }

  private String refusal(String type, @Nullable String input) {
    ApplicationFailure failure = failure(estate, type, input);
    assertThat(failure.getType()).isEqualTo("INVALID_INPUT");
    return failure.getOriginalMessage();
  }

  private static ApplicationFailure failure(Estate at, String type, @Nullable String input) {
    WorkflowStub run = at.start(type, input);
    WorkflowFailedException failed =
        catchThrowableOfType(WorkflowFailedException.class, () -> at.result(run));
    Failure recorded =
        at.environment()
            .getWorkflowExecutionHistory(run.getExecution())
            .getLastEvent()
            .getWorkflowExecutionFailedEventAttributes()
            .getFailure();
    assertThat(recorded.getStackTrace()).as("noise in the UI").isEmpty();
    assertThat(failed.getCause()).isInstanceOf(ApplicationFailure.class);
    return (ApplicationFailure) failed.getCause();
  }

  private void assertNothingWasChanged() {
    List<String> changes =
        estate.registry.effects().stream()
            .map(Effect::what)
            .filter(what -> !what.equals("greeting"))
            .toList();
    assertThat(changes).isEmpty();
    assertThat(estate.production.effects()).isEmpty();
    assertThat(estate.recovery.effects()).extracting(Effect::operationId).containsOnly("set-up");
  }
}
