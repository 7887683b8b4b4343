package io.switchback.vsphere;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.Identity;
import io.switchback.vsphere.soap.SoapServer;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import io.switchback.vsphere.soap.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  private final Vcsim vcsim;
  private final RawSoap upstream;
  private final @Nullable Identity identity;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final @Nullable FrontDisks disks;
  private final ChangeVersions versions;
  private final FailedTasks failed = new FailedTasks();
  private final Map<String, Queue<Deed>> next = new ConcurrentHashMap<>();
  private final Map<String, Deed> always = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> passed = new ConcurrentHashMap<>();
  private final Set<String> live = ConcurrentHashMap.newKeySet();
  private final Set<String> expired = ConcurrentHashMap.newKeySet();
  private final OpenObjects open = new OpenObjects();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Front(Vcsim vcsim, boolean hasBytes, @Nullable Identity identity) throws IOException {
    this.vcsim = vcsim;
    this.upstream = RawSoap.of(vcsim);
    this.versions = new ChangeVersions();
    this.disks = hasBytes ? new FrontDisks(vcsim) : null;
    this.identity = identity;
    this.server = open(identity, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static HttpServer open(@Nullable Identity identity, InetSocketAddress at)
      throws IOException {
    if (identity == null) {
      return HttpServer.create(at, 0);
    }
    HttpsServer secure = HttpsServer.create(at, 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(identity.tls()));
    return secure;
  }

  /** Of the API alone. */
  static Front before(Vcsim vcsim) {
    return create(vcsim, false, null);
  }

  /** With bytes behind the disks, snapshots that keep them, and change tracking. */
  static Front withBytes(Vcsim vcsim) {
    return create(vcsim, true, null);
  }

  /** The same as somebody whose certificate is to be trusted by its pin. */
  static Front withBytes(Vcsim vcsim, Identity identity) {
    return create(vcsim, true, identity);
  }

  private static Front create(Vcsim vcsim, boolean hasBytes, @Nullable Identity identity) {
    try {
      return new Front(vcsim, hasBytes, identity);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Vcsim vcsim() {
    return vcsim;
  }

  URI address() {
    return URI.create(
        "%s://localhost:%d/sdk"
            .formatted(identity == null ? "http" : "https", server.getAddress().getPort()));
  }

  /** As a worker would be told of the vCenter, through this. */
  VCenterSettings settings() {
    return settings(OperationCaps.Limits.DEFAULT);
  }

  VCenterSettings settings(OperationCaps.Limits caps) {
    return new VCenterSettings(
        vcsim.site(),
        Endpoint.of(address(), new Trust.Known()),
        vcsim::login,
        Vcsim.instanceUuid(vcsim.site()),
        Duration.ofMinutes(5),
        caps);
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

  /**
   * Calls of the method are answered so from now on; what is to reach vCenter is passed on there.
   */
  void answer(String method, Function<Request, Answer> answer) {
    always(method, new Deed.Say(answer));
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

  /** Whatever was made through this, by its id: the method that made it. */
  Map<String, String> everMade() {
    return open.ever();
  }

  /** How often a call of the method on the object came through to vCenter. */
  int passed(String method, String object) {
    return passed.getOrDefault(method + " " + object, 0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = SoapServer.request(exchange);
      Answer answer = answer(request);
      if (answer != null) {
        reply(exchange, answer);
      }
    } catch (UncheckedIOException gone) {
      LOG.debug("vCenter is gone because={}", gone.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null when the connection is to be cut. */
  private @Nullable Answer answer(Request request) throws InterruptedException {
    if (request.method().isEmpty()) {
      return pass(request);
    }
    calls.add(request.method());
    switch (deedFor(request.method())) {
      case Deed.Delay delay -> Thread.sleep(delay.by());
      case Deed.Hold hold -> hold.until().await();
      case Deed.CutBefore _ -> {
        return null;
      }
      case Deed.CutAfter _ -> {
        var _ = pass(request);
        return null;
      }
      case Deed.Answer answer -> {
        return Answer.of(request.method(), answer.content());
      }
      case Deed.Refuse refuse -> {
        return Answer.fault(refuse.fault(), refuse.said(), refuse.content());
      }
      case Deed.Fail fail -> {
        return failed.start(
            request.method(), Message.parse(request.body()).self(), fail, caller(request));
      }
      case Deed.Say say -> {
        return say.answer().apply(request);
      }
      case null -> {}
    }
    return pass(request);
  }

  private @Nullable Deed deedFor(String method) {
    Queue<Deed> waiting = next.get(method);
    Deed deed = waiting == null ? null : waiting.poll();
    return deed != null ? deed : always.getOrDefault(method, always.get("*"));
  }

  /**
   * As vCenter answers it, or as this does in its place.
   *
   * @throws UncheckedIOException when vCenter is gone: then the connection is cut here as well
   */
  Answer pass(Request request) {
    try {
      return request.method().isEmpty() ? forwardRest(request) : passCall(request);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private Answer passCall(Request request) throws IOException {
    Message call = Message.parse(request.body());
    String cookie = cookie(request);
    if (expired.contains(cookie)) {
      return Answer.fault(
          "NotAuthenticated",
          "The session is not authenticated.",
          "<object type=\"Folder\">group-d1</object><privilegeId>System.View</privilegeId>");
    }
    Optional<Answer> own =
        disks == null ? Optional.empty() : disks.answer(call, upstream.as(cookie));
    if (own.isPresent()) {
      return own.get();
    }
    return call.method().equals("ReconfigVM_Task")
        ? versions.refuse(call, upstream.as(cookie), () -> forward(call, request.body(), cookie))
        : forward(call, request.body(), cookie);
  }

  private static String cookie(Request request) {
    return Optional.ofNullable(request.cookie()).orElse("");
  }

  private RawSoap caller(Request request) {
    return upstream.as(cookie(request));
  }

  private Answer forward(Message call, String text, String cookie) throws IOException {
    HttpResponse<String> said = upstream.send(text, cookie);
    passed.merge(call.method() + " " + call.self(), 1, Integer::sum);
    List<String> cookies = said.headers().allValues("Set-Cookie");
    cookies.forEach(set -> live.add(set.substring(0, set.indexOf(';'))));
    if (call.method().equals("Logout")) {
      live.remove(cookie);
      open.endOf(cookie);
    }
    Message answer = Message.parse(said.body());
    open.note(cookie, call, answer);
    String body = failed.tell(answer) ? answer.write() : said.body();
    if (disks != null && !answer.isFault()) {
      body = disks.after(call, answer, upstream.as(cookie)).orElse(body);
    }
    return new Answer(
        said.statusCode(), cookies.stream().map(set -> "Set-Cookie: " + set).toList(), body);
  }

  private Answer forwardRest(Request asked) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(vcsim.address().resolve(asked.path()));
    asked.headers().forEach(request::header);
    HttpResponse<String> said =
        upstream.send(
            request
                .method(asked.verb(), HttpRequest.BodyPublishers.ofString(asked.body()))
                .build());
    return new Answer(said.statusCode(), List.of(), said.body());
  }

  private static void reply(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
    for (String header : answer.headers()) {
      String[] parts = header.split(": ", 2);
      exchange.getResponseHeaders().add(parts[0], parts[1]);
    }
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    if (isClosed.getAndSet(true)) {
      return;
    }
    server.stop(0);
    threads.shutdownNow();
    upstream.close();
    if (disks != null) {
      disks.close();
    }
  }
}
