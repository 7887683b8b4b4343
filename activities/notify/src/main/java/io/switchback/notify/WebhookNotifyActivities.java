package io.switchback.notify;

import io.switchback.port.NotifyActivities;
import io.temporal.activity.Activity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls people through a webhook, and leaves a line in the log in any case. */
public final class WebhookNotifyActivities implements NotifyActivities, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WebhookNotifyActivities.class);

  private final @Nullable Webhook webhook;

  public WebhookNotifyActivities(NotifySettings settings) {
    this.webhook = settings.webhook().map(url -> new Webhook(url, settings.limit())).orElse(null);
  }

  @Override
  public Paged page(Notice request) {
    int attempt = Activity.getExecutionContext().getInfo().getAttempt();
    Paged paged = call(request, attempt);
    log.warn(
        "{} notice={} operation={} vm={} step={} fault={} workflow={} called={} outcome='{}'",
        WebhookMessage.text(request),
        request.id(),
        request.operation(),
        request.vm(),
        request.step(),
        request.fault(),
        request.workflowId(),
        paged.called(),
        paged.detail());
    return paged;
  }

  private Paged call(Notice request, int attempt) {
    if (webhook == null) {
      return new Paged(false, "Nobody was called: no webhook is configured.", attempt);
    }
    try {
      Webhook.Answer answer = webhook.call(request);
      return new Paged(answer.accepted(), answer.detail(), attempt);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Paged(false, "The worker shut down during the call.", attempt);
    }
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
  }
}
