package io.switchback.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's calls over HTTP: {@code POST /<call>} with a JSON body, refusals as 409 with a
 * fault's name.
 */
final class LabApi implements HttpHandler {
  /** The call that answers what the caller's token is. */
  static final String LOGIN = "login";

  static final String BEARER = "Bearer ";
  private static final Logger LOG = LoggerFactory.getLogger(LabApi.class);

  private final Calls calls;
  private final LabSite site;
  private final ScriptedFaults faults;
  private final SiteTokens tokens;

  /** The VM that a body names, whatever else is in it. */
  private record Subject(@Nullable String vm) {}

  LabApi(Calls calls, LabSite site, ScriptedFaults faults, SiteTokens tokens) {
    this.tokens = tokens;
    this.calls = calls;
    this.site = site;
    this.faults = faults;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring(1);
      byte[] body = exchange.getRequestBody().readAllBytes();
      try {
        Object answer = act(name, token(exchange), body);
        if (answer != null) {
          send(exchange, 200, Json.write(answer));
        }
      } catch (LabException e) {
        send(exchange, 409, Json.write(new Requests.Refusal(e.fault(), message(e))));
      } catch (IOException | RuntimeException e) {
        LOG.error("call failed call={}", name, e);
        send(
            exchange,
            500,
            Json.write(new Requests.Refusal(LabFault.INTERNAL.name(), String.valueOf(e))));
      }
    }
  }

  private static String token(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
  }

  private static String message(LabException e) {
    return e.getMessage() == null ? e.fault() : e.getMessage();
  }

  /** Answers null when the connection is to be broken instead. */
  private @Nullable Object act(String name, String token, byte[] body) throws IOException {
    Calls.Call<?> call = calls.find(name);
    if (name.startsWith("guest")) {
      tokens.checkGuest(token);
    } else {
      TokenView bearer = tokens.check(token, name, call != null && call.mutates());
      if (name.equals(LOGIN)) {
        return bearer;
      }
    }
    if (call == null) {
      throw new LabException(
          LabFault.BAD_REQUEST, "There is no call '%s', only %s.".formatted(name, calls.names()));
    }
    ScriptedFaults.Hit hit = meet(name, body);
    if (hit != null) {
      hit.before();
    }
    Object answer = call.answer(body);
    return hit != null && hit.after() ? null : answer;
  }

  private ScriptedFaults.@Nullable Hit meet(String name, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String vm = text.isBlank() ? null : Json.read(body, Subject.class).vm();
    if (vm == null) {
      return faults.meet(name, null, null);
    }
    VmDefinition definition = site.find(vm).store().definition();
    return faults.meet(name, definition.id(), definition.name());
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    // One call, one connection: a pooled one that the daemon's end closed would look like a call
    // that may have acted.
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
