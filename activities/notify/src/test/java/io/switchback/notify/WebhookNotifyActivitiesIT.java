package io.switchback.notify;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.switchback.port.NotifyActivities;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.NotifyActivities.Paged;
import io.switchback.port.Payloads;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WebhookNotifyActivitiesIT {
  private static final String TOKEN = "t0ken";
  private static final Notice NOTICE =
      new Notice(
          "op-1/web-01/powerOn/1",
          "PartialFailover",
          "replica/42",
          "run-1",
          "web-01",
          "powerOn",
          "NO_CAPACITY",
          "Could not power on vm 'web-01': no host has 16 GiB free.",
          List.of("{\"vm\":\"web-01\",\"step\":\"powerOn\",\"answer\":\"retry\"}"));

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private HttpServer receiver;
  private volatile int status = 204;

  private record Call(String contentType, String idempotencyKey, String body) {}

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/hooks/" + TOKEN,
        exchange -> {
          calls.add(
              new Call(
                  exchange.getRequestHeaders().getFirst("Content-Type"),
                  exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          if (status == 302) {
            exchange.getResponseHeaders().set("Location", url("127.0.0.1", receiverPort()));
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    receiver.start();
    logged.start();
    logger().addAppender(logged);
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
    logger().detachAppender(logged);
    assertThat(logged.list)
        .allSatisfy(event -> assertThat(event.getFormattedMessage()).doesNotContain(TOKEN));
  }

  @Test
  void postsTheNoticeAsJsonOnce() throws Exception {
    Paged paged = page(NotifySettings.webhook(url("127.0.0.1", receiverPort())));
    assertThat(paged.called()).isTrue();
    assertThat(paged.detail()).isEqualTo("The webhook at 127.0.0.1 answered HTTP 204.");

    assertThat(calls).hasSize(1);
    Call call = calls.take();
    assertThat(call.contentType()).startsWith("application/json");
    assertThat(call.idempotencyKey()).isEqualTo(NOTICE.id());
    JsonNode json = JsonMapper.shared().readTree(call.body());
    assertThat(json.get("text").asString())
        .isEqualTo(
            "PartialFailover of web-01 waits for a person at step powerOn: " + NOTICE.message());
    assertThat(json.get("answers").get(0).asString()).isEqualTo(NOTICE.answers().getFirst());
    assertThat(json.get("workflowId").asString()).isEqualTo("replica/42");
    assertThat(json.get("fault").asString()).isEqualTo("NO_CAPACITY");
  }

  @Test
  void withoutAWebhookItSaysThatNobodyWasCalled() {
    Paged paged = page(NotifySettings.none());
    assertThat(paged.called()).isFalse();
    assertThat(paged.detail()).isEqualTo("Nobody was called: no webhook is configured.");
  }

  @Test
  void everyNoticeLeavesALineInTheLog() {
    page(NotifySettings.none());
    assertThat(logged.list)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getFormattedMessage())
                    .contains("waits for a person", "vm=web-01", "step=powerOn", "called=false"));
  }

  @Test
  void aWebhookThatRefusesIsAnAnswerAndNoFault() {
    status = 500;
    Paged paged = page(NotifySettings.webhook(url("127.0.0.1", receiverPort())));
    assertThat(paged.called()).isFalse();
    assertThat(paged.detail()).contains("HTTP 500").doesNotContain(TOKEN);
  }

  @Test
  void aRedirectIsNotFollowed() {
    status = 302;
    Paged paged = page(NotifySettings.webhook(url("127.0.0.1", receiverPort())));
    assertThat(paged.called()).isFalse();
    assertThat(calls).hasSize(1);
  }

  @Test
  void aWebhookThatIsNotThereIsAnAnswerAndNoFault() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Paged paged = page(NotifySettings.webhook(url("127.0.0.1", free)));
    assertThat(paged.called()).isFalse();
    assertThat(paged.detail()).contains("cannot be reached").doesNotContain(TOKEN);
  }

  @Test
  void aWebhookThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI url = URI.create(url("127.0.0.1", silent.getLocalPort()));
      Paged paged = page(new NotifySettings(Optional.of(url), Duration.ofMillis(200)));
      assertThat(paged.called()).isFalse();
      assertThat(paged.detail()).contains("did not answer within 200 ms").doesNotContain(TOKEN);
    }
  }

  private static Paged page(NotifySettings settings) {
    TestActivityEnvironment environment =
        TestActivityEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .build());
    try (WebhookNotifyActivities activities = new WebhookNotifyActivities(settings)) {
      environment.registerActivitiesImplementations(activities);
      return environment.newActivityStub(NotifyActivities.class).page(NOTICE);
    } finally {
      environment.close();
    }
  }

  private int receiverPort() {
    return receiver.getAddress().getPort();
  }

  private static String url(String host, int port) {
    return "http://" + host + ":" + port + "/hooks/" + TOKEN;
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(WebhookNotifyActivities.class);
  }
}
