package io.switchback.notify;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.switchback.port.NotifyActivities;
import io.switchback.port.NotifyContract;
import io.switchback.port.NotifyFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Calls to a real receiver keep every promise. */
class WebhookNotifyContractIT extends NotifyContract {
  @Override
  protected NotifyFixture open() throws Exception {
    return new Receiver();
  }

  private static final class Receiver implements NotifyFixture {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final HttpServer server;
    private final WebhookNotifyActivities configured;
    private final WebhookNotifyActivities unconfigured =
        new WebhookNotifyActivities(NotifySettings.none());
    private volatile int status = 204;

    private Receiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/hook",
          exchange -> {
            received.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
      configured =
          new WebhookNotifyActivities(
              NotifySettings.webhook(
                  "http://127.0.0.1:" + server.getAddress().getPort() + "/hook"));
      log.start();
      logger().addAppender(log);
    }

    @Override
    public NotifyActivities notifications() {
      return configured;
    }

    @Override
    public NotifyActivities unconfigured() {
      return unconfigured;
    }

    @Override
    public List<String> received() {
      return List.copyOf(received);
    }

    @Override
    public List<String> logged() {
      return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void refuse() {
      status = 500;
    }

    @Override
    public void breakLine() {
      server.stop(0);
    }

    private static Logger logger() {
      return (Logger) LoggerFactory.getLogger(WebhookNotifyActivities.class);
    }

    @Override
    public void close() {
      logger().detachAppender(log);
      configured.close();
      unconfigured.close();
      server.stop(0);
    }
  }
}
