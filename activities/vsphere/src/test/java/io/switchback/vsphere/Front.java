package io.switchback.vsphere;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A test fixture: a small HTTP server between the adapters and vcsim. It makes calls go wrong as a
 * test says, and answers what vcsim does not: it is our own, so what is shown through it is shown
 * against our own reading of vCenter, not against one that somebody else wrote.
 *
 * <p>Without bytes it passes everything on but what a test chooses, and refuses a reconfiguration
 * that was made from an older {@code changeVersion}. With bytes, {@link FrontDisks} stands behind
 * the disks.
 */
final class Front implements AutoCloseable {
  private final Vcsim vcsim;
  private final RawSoap upstream;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final @Nullable FrontDisks disks;
  private final ChangeVersions versions;
  private final Map<String, Queue<Deed>> next = new ConcurrentHashMap<>();
  private final Map<String, Deed> always = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Set<String> live = ConcurrentHashMap.newKeySet();
  private final Set<String> expired = ConcurrentHashMap.newKeySet();
  private final OpenObjects open = new OpenObjects();

  private Front(Vcsim vcsim, boolean hasBytes) throws IOException {
    this.vcsim = vcsim;
    this.upstream = RawSoap.of(vcsim);
    this.versions = new ChangeVersions();
    this.disks = hasBytes ? new FrontDisks(vcsim) : null;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Of the API alone. */
  static Front before(Vcsim vcsim) {
    return create(vcsim, false);
  }

  /** With bytes behind the disks, snapshots that keep them, and change tracking. */
  static Front withBytes(Vcsim vcsim) {
    return create(vcsim, true);
  }

  private static Front create(Vcsim vcsim, boolean hasBytes) {
    try {
      return new Front(vcsim, hasBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Vcsim vcsim() {
    return vcsim;
  }

  URI address() {
    return URI.create("http://localhost:%d/sdk".formatted(server.getAddress().getPort()));
  }

  /** As a worker would be told of the vCenter, through this. */
  VCenterSettings settings() {
    return VCenterSettings.of(
        vcsim.site(), Endpoint.of(address(), new Trust.Known()), vcsim::login);
  }

  /** The bytes. */
  FrontDisks disks() {
    if (disks == null) {
      throw new IllegalStateException("this front has no bytes");
    }
    return disks;
  }

  /** Does it with the next call of a method, after what was said before of that method. */
  void next(String method, Deed deed) {
    next.computeIfAbsent(method, _ -> new ConcurrentLinkedQueue<>()).add(deed);
  }

  /** Does it with every call of a method from now on; {@code *} is all methods. */
  void always(String method, Deed deed) {
    always.put(method, deed);
  }

  /** Passes everything on again. */
  void heal() {
    always.clear();
    next.clear();
  }

  /**
   * Ends every session that was begun through this, for reads as well: vcsim alone would still
   * answer those.
   */
  void expireSessions() {
    for (String cookie : List.copyOf(live)) {
      expired.add(cookie);
      live.remove(cookie);
      try {
        var _ = upstream.send(logout(), cookie);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String logout() {
    return Answer.envelope(
        "<Logout xmlns=\"urn:vim25\"><_this type=\"SessionManager\">SessionManager</_this></Logout>");
  }

  /** How often a method was called, whatever became of it. */
  long calls(String method) {
    return calls.stream().filter(method::equals).count();
  }

  /** The views, collectors and filters that were made through this and never destroyed. */
  Set<String> leftOpen() {
    return open.ids();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (text.isEmpty()) {
        passOn(exchange);
        return;
      }
      Message call = Message.parse(text);
      calls.add(call.method());
      switch (deedFor(call.method())) {
        case Deed.Delay delay -> Thread.sleep(delay.by());
        case Deed.Hold hold -> hold.until().await();
        case Deed.CutBefore _ -> {
          return;
        }
        case Deed.CutAfter _ -> {
          var _ = answer(exchange, call, text);
          return;
        }
        case Deed.Answer answer -> {
          reply(exchange, Answer.of(call.method(), answer.content()));
          return;
        }
        case Deed.Refuse refuse -> {
          reply(exchange, Answer.fault(refuse.fault(), refuse.said(), refuse.content()));
          return;
        }
        case null -> {}
      }
      Optional<Answer> answer = answer(exchange, call, text);
      if (answer.isPresent()) {
        reply(exchange, answer.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Deed deedFor(String method) {
    Queue<Deed> waiting = next.get(method);
    Deed deed = waiting == null ? null : waiting.poll();
    return deed != null ? deed : always.getOrDefault(method, always.get("*"));
  }

  /** Empty when vCenter could not be reached: then the connection is cut here as well. */
  private Optional<Answer> answer(HttpExchange exchange, Message call, String text) {
    String cookie = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Cookie")).orElse("");
    if (expired.contains(cookie)) {
      return Optional.of(
          Answer.fault(
              "NotAuthenticated",
              "The session is not authenticated.",
              "<object type=\"Folder\">group-d1</object><privilegeId>System.View</privilegeId>"));
    }
    Optional<Answer> own =
        disks == null ? Optional.empty() : disks.answer(call, upstream.as(cookie));
    if (own.isPresent()) {
      return own;
    }
    return call.method().equals("ReconfigVM_Task")
        ? versions.refuse(call, upstream.as(cookie), () -> forward(exchange, call, text, cookie))
        : forward(exchange, call, text, cookie);
  }

  private Optional<Answer> forward(
      HttpExchange exchange, Message call, String text, String cookie) {
    try {
      HttpResponse<String> said = upstream.send(text, cookie);
      String body = said.body();
      for (String set : said.headers().allValues("Set-Cookie")) {
        exchange.getResponseHeaders().add("Set-Cookie", set);
        live.add(set.substring(0, set.indexOf(';')));
      }
      if (call.method().equals("Logout")) {
        live.remove(cookie);
        open.endOf(cookie);
      }
      Message answer = Message.parse(body);
      open.note(cookie, call, answer);
      if (disks != null && !answer.isFault()) {
        body = disks.after(call, answer, upstream.as(cookie)).orElse(body);
      }
      return Optional.of(new Answer(said.statusCode(), List.of(), body));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private void passOn(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    HttpResponse<String> said =
        upstream.send(HttpRequest.newBuilder(vcsim.address().resolve(uri.toString())).build());
    reply(exchange, new Answer(said.statusCode(), List.of(), said.body()));
  }

  private static void reply(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    upstream.close();
    if (disks != null) {
      disks.close();
    }
  }
}
