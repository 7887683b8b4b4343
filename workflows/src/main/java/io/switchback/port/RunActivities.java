package io.switchback.port;

import io.temporal.activity.ActivityInterface;

/** What Temporal says of runs. Runs on the queue {@code switchback}. */
@ActivityInterface
public interface RunActivities {

  /**
   * Answers whether a run still goes on. A run that was reset or has continued as new goes on when
   * the newest run of its workflow id does. Changes nothing. Milliseconds.
   */
  RunView lookAtRun(LookAtRun request);

  /**
   * Asks for a run.
   *
   * @param askingRunId run that asks; it is not counted when it has the same workflow id
   */
  record LookAtRun(String workflowId, String runId, String askingRunId) {}

  /** Whether a run can still act. */
  enum Liveness {
    /** It goes on. */
    LIVE,
    /** It is over: completed, failed, cancelled, terminated or timed out. */
    CLOSED,
    /** Temporal knows no such run: too long ago, or another Temporal's. */
    UNKNOWN
  }

  /** What Temporal says, with the run that goes on or Temporal's own word for how it ended. */
  record RunView(Liveness liveness, String detail) {}
}
