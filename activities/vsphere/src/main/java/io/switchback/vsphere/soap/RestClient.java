package io.switchback.vsphere.soap;

import com.vmware.vim25.NotAuthenticated;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server's API of JSON beside its SOAP: in vCenter, what is tagged. Failures are those of {@link
 * SoapClient}.
 */
public final class RestClient {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  private final Endpoint endpoint;
  private final Exchange exchange;

  RestClient(Endpoint endpoint, Exchange exchange) {
    this.endpoint = endpoint;
    this.exchange = exchange;
  }

  /** Reads what is at the path; empty when nothing is. */
  public Optional<JsonNode> get(String path, Map<String, String> headers) throws RemoteException {
    return value(path, exchange.get(request(path, headers)));
  }

  /**
   * Sends {@code body} as JSON, if there is one, and reads the answer; empty when there is none.
   */
  public Optional<JsonNode> post(String path, @Nullable Object body, Map<String, String> headers)
      throws RemoteException {
    byte[] json =
        body == null
            ? new byte[0]
            : JsonMapper.shared().writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    return value(
        path,
        exchange.post(request(path, headers).header("Content-Type", "application/json"), json));
  }

  /** Removes what is at the path, if anything is. */
  public void delete(String path, Map<String, String> headers) throws RemoteException {
    var _ = value(path, exchange.delete(request(path, headers)));
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    URI base = endpoint.address();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("%s://%s%s".formatted(base.getScheme(), base.getRawAuthority(), path)))
            .header("Accept", "application/json");
    headers.forEach(request::header);
    return request;
  }

  private Optional<JsonNode> value(String path, HttpResponse<byte[]> response)
      throws RemoteException {
    int status = response.statusCode();
    String server = endpoint.address().getAuthority();
    if (status == UNAUTHORIZED) {
      throw FaultString.attach(new NotAuthenticated(), server + " takes no request at " + path);
    }
    if (status == NOT_FOUND) {
      return Optional.empty();
    }
    if (status != OK) {
      String message = "%s has answered the HTTP status %d at %s".formatted(server, status, path);
      throw status >= BAD_REQUEST && status < SERVER_ERROR
          ? new NotSentException(message)
          : new LostAnswerException(message, null);
    }
    if (response.body().length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JsonMapper.shared().readTree(response.body()).get("value"))
          .filter(value -> !value.isNull());
    } catch (JacksonException e) {
      throw new LostAnswerException("%s has answered no JSON at %s".formatted(server, path), e);
    }
  }
}
