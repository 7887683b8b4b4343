package io.switchback.port;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Calls people. */
@ActivityInterface
public interface NotifyActivities {

  /**
   * Calls the configured webhook, once per attempt, and writes a line to the log.
   *
   * <p>A webhook that is not configured or does not answer is an answer, not a fault: nobody waits
   * for it. Up to 10 s.
   */
  Paged page(Notice request);

  /**
   * What people are told.
   *
   * @param id stays the same over attempts, so that the receiver can tell a repetition
   * @param answers what may be answered, as JSON to copy
   */
  record Notice(
      String id,
      String operation,
      String workflowId,
      String runId,
      String vm,
      String step,
      String fault,
      String message,
      List<String> answers) {
    public Notice {
      answers = List.copyOf(answers);
    }
  }

  /** Whether somebody was called, and what came of it. */
  record Paged(boolean called, String detail, int attempt) {}
}
