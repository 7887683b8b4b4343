package io.switchback.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.NotifyActivities.Notice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The line that a chat shows. */
class WebhookMessageTest {
  @Test
  void tellsAnRpoThatIsMissedAsNews() {
    WebhookMessage message =
        WebhookMessage.of(
            notice(
                "rpo",
                "RPO_MISSED",
                "the newest restore point of 'web-01' is from 2026-01-01T12:00:00Z, older than its"
                    + " objective of PT30M; replication now: cycle 7: sends disk a. Look at"
                    + " `switchback status`.",
                List.of()));

    assertThat(message.text())
        .isEqualTo(
            "replicate of web-01: the newest restore point of 'web-01' is from"
                + " 2026-01-01T12:00:00Z, older than its objective of PT30M; replication now: cycle"
                + " 7: sends disk a. Look at `switchback status`.");
    assertThat(message.fault()).isEqualTo("RPO_MISSED");
    assertThat(message.step()).isEqualTo("rpo");
    assertThat(message.answers()).isEmpty();
  }

  @Test
  void saysThatSomebodyIsWaitedForOnlyWhereAnAnswerIs() {
    assertThat(
            WebhookMessage.of(
                    notice("powerOn", "NO_CAPACITY", "no host has room.", List.of("retry")))
                .text())
        .isEqualTo("replicate of web-01 waits for a person at step powerOn: no host has room.");
  }

  private static Notice notice(String step, String fault, String message, List<String> answers) {
    return new Notice(
        "replication/id/1",
        "replicate",
        "replication/id",
        "run",
        "web-01",
        step,
        fault,
        message,
        answers);
  }
}
