package io.switchback.vsphere.soap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** A server that answers every request as a test says, and keeps what it got. */
public final class SoapServer implements AutoCloseable {
  private static final Pattern METHOD = Pattern.compile("<soapenv:Body><(\\w+)");

  private final HttpServer server;
  private final String scheme;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What was asked. */
  public record Request(
      String verb,
      String method,
      String path,
      String body,
      String cookie,
      String action,
      Map<String, String> headers) {}

  /** What is answered: an HTTP status, headers as {@code name: value}, and a text. */
  public record Answer(int status, List<String> headers, String body) {

    /** An ordinary answer; {@code content} is what is within the method's response. */
    public static Answer of(String method, String content) {
      return new Answer(
          200,
          List.of(),
          envelope(
              "<%sResponse xmlns=\"urn:vim25\">%s</%sResponse>"
                  .formatted(method, content, method)));
    }

    /** A refusal, as vCenter writes it. */
    public static Answer fault(String type, String said, String content) {
      return new Answer(
          500,
          List.of(),
          envelope(
              """
              <soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>%s</faultstring>
              <detail><%sFault xmlns="urn:vim25" xsi:type="%s">%s</%sFault></detail></soapenv:Fault>
              """
                  .formatted(said, type, type, content, type)));
    }

    public static String envelope(String body) {
      return """
        <?xml version="1.0" encoding="UTF-8"?>
        <soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
         xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
         xmlns:xsd="http://www.w3.org/2001/XMLSchema"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <soapenv:Body>%s</soapenv:Body>
        </soapenv:Envelope>
        """
          .formatted(body);
    }

    public Answer with(String header) {
      return new Answer(status, List.of(header), body);
    }
  }

  private SoapServer(HttpServer server, String scheme, Function<Request, Answer> answers) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> handle(exchange, answers));
    server.start();
  }

  public static SoapServer plain(Function<Request, Answer> answers) throws IOException {
    return new SoapServer(HttpServer.create(anyPort(), 0), "http", answers);
  }

  static SoapServer secure(SSLContext context, Function<Request, Answer> answers)
      throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new SoapServer(server, "https", answers);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void handle(HttpExchange exchange, Function<Request, Answer> answers) throws IOException {
    try (exchange) {
      Request request = request(exchange);
      requests.add(request);
      Answer answer = answers.apply(request);
      byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
      for (String header : answer.headers()) {
        String[] parts = header.split(": ", 2);
        exchange.getResponseHeaders().set(parts[0], parts[1]);
      }
      exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
      exchange.getResponseBody().write(text);
    }
  }

  /** What an HTTP server was asked; the method is empty when it is no SOAP call. */
  public static Request request(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Matcher method = METHOD.matcher(body);
    return new Request(
        exchange.getRequestMethod(),
        method.find() ? method.group(1) : "",
        exchange.getRequestURI().toString(),
        body,
        exchange.getRequestHeaders().getFirst("Cookie"),
        exchange.getRequestHeaders().getFirst("SOAPAction"),
        forwardable(exchange));
  }

  private static Map<String, String> forwardable(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    for (String name :
        List.of("Cookie", "SOAPAction", "Content-Type", "Authorization", "vmware-api-session-id")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    return headers;
  }

  public URI address() {
    return address("localhost");
  }

  URI address(String host) {
    return URI.create("%s://%s:%d/sdk".formatted(scheme, host, server.getAddress().getPort()));
  }

  /** Every request so far. */
  public List<Request> requests() {
    return requests;
  }

  /** How often {@code method} was called. */
  public long calls(String method) {
    return requests.stream().filter(request -> request.method().equals(method)).count();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
