package io.switchback.verify;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** Tries a check once. */
final class GuestProbe implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** GETs {@code url}; the answer's status is looked at, its body is not read. */
  Glance http(String url, int status, Duration limit) throws InterruptedException {
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(URI.create(url)).timeout(limit).GET().build();
    } catch (IllegalArgumentException malformed) {
      return Glance.hopeless("'" + url + "' is not an http or https URL");
    }
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      answer.body().close();
      String saw = "HTTP " + answer.statusCode();
      return answer.statusCode() == status ? Glance.good(saw) : Glance.bad(saw);
    } catch (HttpTimeoutException | SocketTimeoutException _) {
      return Glance.unanswered();
    } catch (IOException failed) {
      return Glance.bad(words(failed));
    }
  }

  /** Connects to {@code address}, {@code host:port}, and hangs up. */
  Glance tcp(String address, Duration limit) {
    int colon = address.lastIndexOf(':');
    InetSocketAddress target;
    try {
      String host = address.substring(0, Math.max(colon, 0)).replaceAll("^\\[|]$", "");
      if (host.isBlank()) {
        throw new IllegalArgumentException("no host");
      }
      target = new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
    } catch (IllegalArgumentException malformed) {
      return Glance.hopeless("'" + address + "' is not host:port");
    }
    try (Socket socket = new Socket()) {
      socket.connect(target, Math.toIntExact(Math.max(1, limit.toMillis())));
      return Glance.good("connected");
    } catch (SocketTimeoutException _) {
      return Glance.unanswered();
    } catch (IOException failed) {
      return Glance.bad(words(failed));
    }
  }

  /** The JDK's own messages are often empty. */
  private static String words(IOException failed) {
    return switch (failed) {
      case UnknownHostException _ -> "unknown host";
      case NoRouteToHostException _ -> "no route to host";
      case ConnectException refused when refused.getCause() instanceof UnresolvedAddressException ->
          "unknown host";
      case ConnectException _ -> "connection refused";
      default ->
          failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
