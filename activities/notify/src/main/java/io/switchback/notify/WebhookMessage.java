package io.switchback.notify;

import io.switchback.port.NotifyActivities.Notice;
import java.util.List;

/**
 * What the webhook receives as JSON.
 *
 * @param text one line for people; chat systems show this field and ignore the others
 * @param id the same for every repetition of a notice
 */
record WebhookMessage(
    String text,
    String id,
    String operation,
    String workflowId,
    String runId,
    String vm,
    String step,
    String fault,
    String message,
    List<String> answers) {

  static WebhookMessage of(Notice notice) {
    return new WebhookMessage(
        text(notice),
        notice.id(),
        notice.operation(),
        notice.workflowId(),
        notice.runId(),
        notice.vm(),
        notice.step(),
        notice.fault(),
        notice.message(),
        notice.answers());
  }

  static String text(Notice notice) {
    if (notice.answers().isEmpty()) {
      // Nobody is asked for an answer: it is news.
      return notice.operation() + " of " + notice.vm() + ": " + notice.message();
    }
    return notice.operation()
        + " of "
        + notice.vm()
        + " waits for a person at step "
        + notice.step()
        + ": "
        + notice.message();
  }
}
