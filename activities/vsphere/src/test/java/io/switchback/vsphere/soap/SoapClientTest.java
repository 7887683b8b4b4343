package io.switchback.vsphere.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.TaskInProgress;
import com.vmware.vim25.ws.Argument;
import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SoapClientTest {
  private static final String TASK = "<returnval type=\"Task\">task-1</returnval>";
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void callsWithTheVersionThatItSpeaks() throws Exception {
    try (SoapServer server = SoapServer.plain(asked -> Answer.of(asked.method(), TASK));
        SoapClient client = client(server.address(), LONG)) {
      assertThat(start(client).getVal()).isEqualTo("task-1");

      assertThat(server.requests())
          .singleElement()
          .returns("\"urn:vim25/6.0\"", SoapServer.Request::action)
          .returns("PowerOnVM_Task", SoapServer.Request::method);
    }
  }

  @Test
  void sendsTheValueOfTheSessionsCookieAndNothingMore() throws Exception {
    try (SoapServer server =
            SoapServer.plain(
                asked ->
                    Answer.of(asked.method(), TASK)
                        .with("Set-Cookie: vmware_soap_session=\"abc\"; Path=/; HttpOnly;"));
        SoapClient client = client(server.address(), LONG)) {
      start(client);
      start(client);
      start(client.conversation("6.0"));

      assertThat(server.requests())
          .extracting(SoapServer.Request::cookie)
          .containsExactly(null, "vmware_soap_session=\"abc\"", null);
    }
  }

  @Test
  void throwsTheServersOwnFault() throws Exception {
    try (SoapServer server =
            SoapServer.plain(asked -> Answer.fault("TaskInProgress", "Another task runs.", ""));
        SoapClient client = client(server.address(), LONG)) {
      assertThatThrownBy(() -> start(client))
          .isInstanceOfSatisfying(
              TaskInProgress.class,
              fault -> assertThat(FaultString.of(fault)).isEqualTo("Another task runs."));
    }
  }

  @Test
  void sendsARequestOnceWhenTheConnectionClosesBeforeTheAnswer() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread server =
          Thread.ofVirtual().start(() -> answerTheFirstOfEachConnection(listening, posts));
      URI address = URI.create("http://localhost:%d/sdk".formatted(listening.getLocalPort()));
      try (SoapClient client = client(address, LONG)) {
        start(client);

        assertThatThrownBy(() -> start(client)).isInstanceOf(LostAnswerException.class);

        assertThat(posts).hasValue(2);
      }
      server.interrupt();
    }
  }

  // The answer to the first request on a connection invites a second one, which is read and not
  // answered.
  private static void answerTheFirstOfEachConnection(ServerSocket listening, AtomicInteger posts) {
    byte[] body = Answer.of("PowerOnVM_Task", TASK).body().getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
            .formatted(body.length);
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept();
          InputStream in = new BufferedInputStream(socket.getInputStream())) {
        readRequest(in);
        posts.incrementAndGet();
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        readRequest(in);
        posts.incrementAndGet();
      } catch (IOException e) {
        // The client has gone, or the test is over.
      }
    }
  }

  private static void readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("closed");
      }
      head.append((char) c);
    }
    String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
    String length = lower.split("content-length:")[1].split("\r\n")[0].strip();
    in.readNBytes(Integer.parseInt(length));
  }

  @Test
  void saysThatNothingWasSentWhenNobodyListens() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    try (SoapClient client = client(URI.create("http://localhost:" + port + "/sdk"), LONG)) {
      assertThatThrownBy(() -> start(client)).isInstanceOf(NotSentException.class);
    }
    try (SoapClient client = client(URI.create("http://nobody.invalid/sdk"), LONG)) {
      assertThatThrownBy(() -> start(client)).isInstanceOf(NotSentException.class);
    }
  }

  @Test
  void saysThatTheAnswerIsLostWhenNoneComesInTime() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (SoapServer server =
            SoapServer.plain(
                asked -> {
                  await(over);
                  return Answer.of(asked.method(), TASK);
                });
        SoapClient client = client(server.address(), Duration.ofMillis(300))) {
      assertThatThrownBy(() -> start(client))
          .isInstanceOf(LostAnswerException.class)
          .hasMessageContaining("PT0.3S");

      assertThat(server.requests()).hasSize(1);
      over.countDown();
    }
  }

  @Test
  void saysThatTheAnswerIsLostWhenItsBodyHangs() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerHalf(listening));
      URI address = URI.create("http://localhost:%d/sdk".formatted(listening.getLocalPort()));
      try (SoapClient client = client(address, Duration.ofMillis(300))) {
        assertThatThrownBy(() -> start(client)).isInstanceOf(LostAnswerException.class);
      }
    }
  }

  private static void answerHalf(ServerSocket listening) {
    try (Socket socket = listening.accept();
        InputStream in = socket.getInputStream()) {
      readRequest(in);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<?xml"
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      var _ = in.read();
    } catch (IOException e) {
      // The client has given up.
    }
  }

  @Test
  void readsNoMoreThanItsLimit() throws Exception {
    try (SoapServer server =
            SoapServer.plain(asked -> Answer.of(asked.method(), TASK + " ".repeat(5000)));
        SoapClient client =
            new SoapClient(
                new Endpoint(server.address(), new Trust.Known(), LONG, LONG, 4096), "6.0")) {
      assertThatThrownBy(() -> start(client)).isInstanceOf(LostAnswerException.class);
    }
  }

  @Test
  void tellsARequestThatWasTurnedAwayFromAnAnswerThatWasLost() throws Exception {
    for (int status : List.of(301, 500, 502, 503)) {
      try (SoapServer server =
              SoapServer.plain(
                  asked -> new Answer(status, List.of("Content-Type: text/html"), "no"));
          SoapClient client = client(server.address(), LONG)) {
        assertThatThrownBy(() -> start(client))
            .isInstanceOf(LostAnswerException.class)
            .hasMessageContaining(String.valueOf(status));
      }
    }
    try (SoapServer server = SoapServer.plain(asked -> new Answer(404, List.of(), "no"));
        SoapClient client = client(server.address(), LONG)) {
      assertThatThrownBy(() -> start(client)).isInstanceOf(NotSentException.class);
    }
  }

  @Test
  void readsTheVersionsThatAreOffered() throws Exception {
    String versions =
        """
        <?xml version="1.0" encoding="UTF-8"?><namespaces version="1.0">
        <namespace><name>urn:other</name><version>9</version></namespace>
        <namespace><name>urn:vim25</name><version>8.0.3.0</version><priorVersions>
        <version>6.5</version><version>6.0</version></priorVersions></namespace>
        <namespace><name>urn:internalvim25</name><version>7</version></namespace></namespaces>
        """;
    try (SoapServer server = SoapServer.plain(asked -> new Answer(200, List.of(), versions));
        SoapClient client = client(server.address(), LONG)) {
      assertThat(client.offeredVersions()).containsExactly("8.0.3.0", "6.5", "6.0");
      assertThat(server.requests())
          .singleElement()
          .returns("/sdk/vimServiceVersions.xml", SoapServer.Request::path);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SoapClient client(URI address, Duration callTimeout) throws IOException {
    return new SoapClient(
        new Endpoint(address, new Trust.Known(), LONG, callTimeout, 1 << 20), "6.0");
  }

  private static ManagedObjectReference start(SoapClient client) throws Exception {
    return (ManagedObjectReference)
        client.invoke("PowerOnVM_Task", new Argument[0], "ManagedObjectReference");
  }
}
