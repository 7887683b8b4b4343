package io.switchback.vsphere.soap;

import com.vmware.vim25.MethodFault;
import com.vmware.vim25.ws.Argument;
import com.vmware.vim25.ws.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind vijava's stubs, as in {@code new VimPortType(client)}. Safe for many threads.
 *
 * <p>A call ends in one of four ways: the answer; a {@link MethodFault} of the server, of vijava's
 * own type and with {@link FaultString}; {@link NotSentException} when nothing has been done;
 * {@link LostAnswerException} when that is not known.
 */
public final class SoapClient implements Client, AutoCloseable {
  private static final String NAMESPACE = "urn:vim25";
  // Answered by a proxy in front of the server, before the server has seen the request.
  private static final int BAD_REQUEST = 400;
  private static final int SERVER_ERROR = 500;
  private static final int OK = 200;

  private final Endpoint endpoint;
  private final Exchange exchange;
  private final String version;
  private volatile @Nullable String cookie;

  /**
   * Connects to nothing yet.
   *
   * @param version that the server is asked to speak, as in {@code 6.0}
   * @throws IOException when the trusted certificates cannot be read
   */
  public SoapClient(Endpoint endpoint, String version) throws IOException {
    this(endpoint, new Exchange(endpoint), version);
  }

  private SoapClient(Endpoint endpoint, Exchange exchange, String version) {
    this.endpoint = endpoint;
    this.exchange = exchange;
    this.version = version;
  }

  /**
   * Another conversation over the same connections, which has no session yet. It ends with this
   * client and is not closed by itself.
   */
  public SoapClient conversation(String version) {
    return new SoapClient(endpoint, exchange, version);
  }

  /** The server's other API, over the same connections. */
  public RestClient rest() {
    return new RestClient(endpoint, exchange);
  }

  @Override
  @SuppressWarnings("NullAway") // vijava's stubs take null for nothing
  public @Nullable Object invoke(String method, Argument[] arguments, @Nullable String resultType)
      throws RemoteException {
    byte[] answer = call(method, arguments);
    try {
      return AnswerReader.read(new ByteArrayInputStream(answer), resultType);
    } catch (XMLStreamException e) {
      throw new LostAnswerException(
          "%s of %s has been answered unreadably: %s"
              .formatted(method, endpoint.address().getAuthority(), e.getMessage()),
          e);
    }
  }

  @Override
  public StringBuffer invokeAsString(String method, Argument[] arguments) throws RemoteException {
    return new StringBuffer(new String(call(method, arguments), StandardCharsets.UTF_8));
  }

  private byte[] call(String method, Argument[] arguments) throws RemoteException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.address())
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("SOAPAction", "\"%s/%s\"".formatted(NAMESPACE, version));
    String session = cookie;
    if (session != null) {
      request.header("Cookie", session);
    }
    HttpResponse<byte[]> response =
        exchange.post(
            request,
            RequestWriter.write(NAMESPACE, method, arguments).getBytes(StandardCharsets.UTF_8));
    int status = response.statusCode();
    // A fault is answered with the status 500 and an envelope.
    boolean isSoap = isXml(response);
    if (status != OK && !(status == SERVER_ERROR && isSoap)) {
      String message =
          "%s has answered %s with the HTTP status %d"
              .formatted(endpoint.address().getAuthority(), method, status);
      throw status >= BAD_REQUEST && status < SERVER_ERROR
          ? new NotSentException(message)
          : new LostAnswerException(message, null);
    }
    keepCookie(response.headers().allValues("Set-Cookie"));
    return response.body();
  }

  private static boolean isXml(HttpResponse<byte[]> response) {
    return response.headers().firstValue("Content-Type").orElse("").contains("xml");
  }

  private void keepCookie(List<String> cookies) {
    for (String one : cookies) {
      String value = one.split(";", 2)[0].strip();
      if (value.startsWith("vmware_soap_session=")) {
        cookie = value;
      }
    }
  }

  /**
   * Reads the versions of the API that the server offers, the newest first. Needs no login.
   *
   * @throws LostAnswerException when it has none to tell
   */
  public List<String> offeredVersions() throws RemoteException {
    String path = endpoint.address().getPath().replaceAll("/+$", "") + "/vimServiceVersions.xml";
    HttpResponse<byte[]> response =
        exchange.get(HttpRequest.newBuilder(endpoint.address().resolve(path)));
    try {
      if (response.statusCode() != OK) {
        throw new XMLStreamException("the HTTP status is " + response.statusCode());
      }
      return OfferedVersions.read(new ByteArrayInputStream(response.body()), NAMESPACE);
    } catch (XMLStreamException e) {
      throw new LostAnswerException(
          "%s does not tell its versions at %s: %s"
              .formatted(endpoint.address().getAuthority(), path, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    exchange.close();
  }

  @Override
  public URL getBaseUrl() {
    try {
      return endpoint.address().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // vijava takes null for none
  public @Nullable String getCookie() {
    return cookie;
  }

  @Override
  @SuppressWarnings("NullAway") // vijava gives null for none
  public void setCookie(@Nullable String cookie) {
    this.cookie = cookie;
  }

  @Override
  public String getVimNameSpace() {
    return NAMESPACE;
  }

  @Override
  public int getConnectTimeout() {
    return (int) endpoint.connectTimeout().toMillis();
  }

  @Override
  public int getReadTimeout() {
    return (int) endpoint.callTimeout().toMillis();
  }

  @Override
  public String marshall(String method, Argument[] arguments) {
    return RequestWriter.write(NAMESPACE, method, arguments);
  }

  @Override
  @SuppressWarnings("NullAway") // vijava's stubs take null for nothing
  public @Nullable Object unMarshall(@Nullable String resultType, InputStream answer)
      throws MethodFault, XMLStreamException {
    return AnswerReader.read(answer, resultType);
  }

  @Override
  public StringBuffer readStream(InputStream stream) throws IOException {
    return new StringBuffer(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
  }

  // What follows would change a connection that others use: an Endpoint is made once.

  @Override
  public TrustManager getTrustManager() {
    throw madeOnce();
  }

  @Override
  public void setBaseUrl(URL url) {
    throw madeOnce();
  }

  @Override
  public void setVimNameSpace(String namespace) {
    throw madeOnce();
  }

  @Override
  public void setConnectTimeout(int millis) {
    throw madeOnce();
  }

  @Override
  public void setReadTimeout(int millis) {
    throw madeOnce();
  }

  @Override
  public void setSoapActionOnApiVersion(String apiVersion) {
    throw madeOnce();
  }

  private static UnsupportedOperationException madeOnce() {
    return new UnsupportedOperationException("an Endpoint says this, once for all callers");
  }
}
