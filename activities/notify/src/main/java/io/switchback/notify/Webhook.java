package io.switchback.notify;

import io.switchback.port.NotifyActivities.Notice;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** POSTs notices to one URL. Says what came of it without ever saying the URL. */
final class Webhook implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI url;
  private final Duration limit;
  // Redirects are not followed: the notice and the token would go where nobody configured it.
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  Webhook(URI url, Duration limit) {
    this.url = url;
    this.limit = limit;
  }

  /**
   * What came of one call.
   *
   * @param detail a sentence
   */
  record Answer(boolean accepted, String detail) {}

  Answer call(Notice notice) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(limit)
            .header("Content-Type", "application/json; charset=utf-8")
            .header("Idempotency-Key", notice.id())
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    JSON.writeValueAsBytes(WebhookMessage.of(notice))))
            .build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      answer.body().close();
      int status = answer.statusCode();
      return status >= 200 && status < 300
          ? new Answer(true, "The webhook at " + url.getHost() + " answered HTTP " + status + ".")
          : new Answer(
              false,
              "The webhook at "
                  + url.getHost()
                  + " refused with HTTP "
                  + status
                  + ". Check the configured URL.");
    } catch (HttpTimeoutException _) {
      return new Answer(
          false,
          "The webhook at "
              + url.getHost()
              + " did not answer within "
              + limit.toMillis()
              + " ms.");
    } catch (ConnectException _) {
      return new Answer(
          false,
          "The webhook at "
              + url.getHost()
              + " cannot be reached. Check the network and the configured URL.");
    } catch (IOException failed) {
      // Its message may repeat the URL, its type cannot.
      return new Answer(
          false,
          "The call to the webhook at "
              + url.getHost()
              + " broke off ("
              + failed.getClass().getSimpleName()
              + ").");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
