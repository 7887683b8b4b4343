package io.switchback.operation;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import org.jspecify.annotations.Nullable;

/** What every run over one replica offers: its status, and answers when it is parked. */
public interface ReplicaSteering {
  /** Name of the signal by which the run over all passes an answer on. */
  String SIGNAL = "takeAnswer";

  /** Every step so far, and what the run waits for. */
  @QueryMethod(name = "status", description = "Every step so far, and what the run waits for")
  ReplicaStatus status();

  /** Answers the parked run. */
  @UpdateMethod(
      name = "answer",
      description =
          "Answer when parked, e.g. {\"answer\":\"retry\"}; answers: retry, acknowledge, skip,"
              + " abort, reconcile")
  String answer(@Nullable Answer answer);

  /** Refuses an answer that does not fit. */
  @UpdateValidatorMethod(updateName = "answer")
  void validateAnswer(@Nullable Answer answer);

  /** The run over all passes an answer on; people use the update. */
  @SignalMethod(
      name = SIGNAL,
      description = "The run over all passes an answer on; people use the update")
  void takeAnswer(Answer answer);
}
