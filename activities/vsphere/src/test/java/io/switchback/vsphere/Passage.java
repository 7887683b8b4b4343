package io.switchback.vsphere;

import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.SoapServer;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import io.switchback.vsphere.soap.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between the adapters and a simulated vCenter in a test: it counts what passes by,
 * closes for good when the site is to break, and answers by itself what a test wants otherwise. It
 * is a fixture of ours: what it answers proves nothing of vCenter.
 */
final class Passage implements AutoCloseable {
  private static final Pattern TARGET = Pattern.compile("<_this type=\"\\w+\">([^<]+)</_this>");

  private final Vcsim vcsim;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Function<Request, Answer>> scripted = new ConcurrentHashMap<>();
  private final Map<String, Integer> passed = new ConcurrentHashMap<>();
  private final SoapServer server;

  /** Before a vCenter that was started with {@code -plain}. */
  Passage(Vcsim vcsim) {
    this.vcsim = vcsim;
    try {
      this.server = SoapServer.plain(this::answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  VCenterSettings settings() {
    return settings(OperationCaps.Limits.DEFAULT);
  }

  VCenterSettings settings(OperationCaps.Limits caps) {
    return new VCenterSettings(
        vcsim.site(),
        Endpoint.of(server.address(), new Trust.Known()),
        vcsim::login,
        Vcsim.instanceUuid(vcsim.site()),
        Duration.ofMinutes(5),
        caps);
  }

  /** Calls of the method are answered so, and do not pass. */
  void answer(String method, Function<Request, Answer> answer) {
    scripted.put(method, answer);
  }

  /** The call goes on to vCenter, and its answer comes back. */
  Answer pass(Request asked) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://%s%s".formatted(vcsim.address().getAuthority(), asked.path())));
    try {
      asked.headers().forEach(request::header);
      HttpResponse<String> response =
          http.send(
              request
                  .method(asked.verb(), HttpRequest.BodyPublishers.ofString(asked.body()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      passed.merge(key(asked.method(), target(asked)), 1, Integer::sum);
      List<String> cookies =
          response.headers().allValues("Set-Cookie").stream()
              .map(cookie -> "Set-Cookie: " + cookie)
              .toList();
      return new Answer(response.statusCode(), cookies, response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Answer answer(Request asked) {
    return scripted.getOrDefault(asked.method(), this::pass).apply(asked);
  }

  private static String target(Request asked) {
    Matcher target = TARGET.matcher(asked.body());
    return target.find() ? target.group(1) : "";
  }

  /** How often a call of the method on the object came through to vCenter. */
  int passed(String method, String object) {
    return passed.getOrDefault(key(method, object), 0);
  }

  /** Property collectors that were made and not destroyed. */
  int collectors() {
    return of("CreatePropertyCollector") - of("DestroyPropertyCollector");
  }

  /** Views that were made and not destroyed. */
  int views() {
    return of("CreateContainerView") - of("DestroyView");
  }

  private int of(String method) {
    return passed.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(method + " "))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static String key(String method, String object) {
    return method + " " + object;
  }

  @Override
  public void close() {
    server.close();
    http.shutdownNow();
  }
}
