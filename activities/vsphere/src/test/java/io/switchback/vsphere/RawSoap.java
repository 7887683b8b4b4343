package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/** Calls a vCenter by what is written on the wire, with nothing of the product's client. */
final class RawSoap implements AutoCloseable {
  private static final Duration TASK_WITHIN = Duration.ofSeconds(60);
  private static final Duration TASK_LOOK = Duration.ofMillis(3);

  private final URI address;
  private final HttpClient http;
  private String cookie;

  private RawSoap(URI address, HttpClient http, String cookie) {
    this.address = address;
    this.http = http;
    this.cookie = cookie;
  }

  private RawSoap(URI address, SSLContext trusted) {
    this(
        address,
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trusted).build(),
        "");
  }

  /** Of a vCenter itself. */
  static RawSoap of(Vcsim vcsim) {
    return new RawSoap(vcsim.address(), vcsim.tls());
  }

  /** Through a front, which speaks without TLS. */
  static RawSoap of(Front front) {
    return new RawSoap(front.address(), front.vcsim().tls());
  }

  /** The same, as whoever has the cookie; it needs no closing. */
  RawSoap as(String other) {
    return new RawSoap(address, http, other);
  }

  /** Calls as whoever has logged in by this. */
  Message call(String method, String type, String self, String arguments) throws IOException {
    HttpResponse<String> answer = send(body(method, type, self, arguments), cookie);
    answer
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(said -> cookie = said.substring(0, said.indexOf(';')));
    return Message.parse(answer.body());
  }

  void login(Login login) throws IOException {
    Message answer =
        call(
            "Login",
            "SessionManager",
            "SessionManager",
            "<userName>%s</userName><password>%s</password>"
                .formatted(login.user(), login.password()));
    if (answer.isFault()) {
      throw new IOException(answer.write());
    }
  }

  private static String body(String method, String type, String self, String arguments) {
    return SoapServer.Answer.envelope(
        "<%s xmlns=\"urn:vim25\"><_this type=\"%s\">%s</_this>%s</%s>"
            .formatted(method, type, self, arguments, method));
  }

  /** Sends a text as it is. */
  HttpResponse<String> send(String text, String as) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("SOAPAction", "urn:vim25/6.0")
            .POST(HttpRequest.BodyPublishers.ofString(text));
    if (!as.isEmpty()) {
      request.header("Cookie", as);
    }
    return send(request.build());
  }

  HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Properties of one object, as vCenter answers them. */
  Message properties(String type, String object, String... paths) {
    StringBuilder wanted = new StringBuilder();
    for (String path : paths) {
      wanted.append("<pathSet>").append(path).append("</pathSet>");
    }
    String arguments =
        "<specSet><propSet><type>%s</type>%s</propSet><objectSet><obj type=\"%s\">%s</obj></objectSet></specSet><options/>"
            .formatted(type, wanted, type, object);
    try {
      String text =
          body("RetrievePropertiesEx", "PropertyCollector", "propertyCollector", arguments);
      return Message.parse(send(text, cookie).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One property's text; empty when the object has none. */
  Optional<String> property(String type, String object, String path) {
    return properties(type, object, path).first("val");
  }

  /**
   * Waits until a task has ended.
   *
   * @return its result, or empty when it failed or has none
   */
  Optional<String> result(String task) {
    long end = System.nanoTime() + TASK_WITHIN.toNanos();
    while (System.nanoTime() - end < 0) {
      String state = property("Task", task, "info.state").orElseThrow();
      if (state.equals("success")) {
        return property("Task", task, "info.result");
      }
      if (state.equals("error")) {
        return Optional.empty();
      }
      LockSupport.parkNanos(TASK_LOOK.toNanos());
    }
    throw new IllegalStateException(task + " has not ended");
  }

  @Override
  public void close() {
    http.close();
  }
}
