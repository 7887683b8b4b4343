package io.switchback.vsphere.soap;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.rmi.RemoteException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over HTTP, each of them once, and tells what was not sent from what was sent and
 * not answered.
 */
final class Exchange implements AutoCloseable {
  private static final String RESEND = "jdk.httpclient.enableAllMethodRetry";

  private final Endpoint endpoint;
  private final HttpClient http;

  Exchange(Endpoint endpoint) throws IOException {
    String resend = System.getProperty(RESEND);
    if (resend != null && !resend.equalsIgnoreCase("false")) {
      throw new IllegalStateException(
          "with -D%s the JVM sends a task to vCenter twice: start the worker without it"
              .formatted(RESEND));
    }
    this.endpoint = endpoint;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(endpoint.connectTimeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .sslContext(endpoint.trust().context())
            .build();
  }

  HttpResponse<byte[]> get(HttpRequest.Builder request) throws RemoteException {
    return send(request.GET().build(), null);
  }

  HttpResponse<byte[]> delete(HttpRequest.Builder request) throws RemoteException {
    return send(request.DELETE().build(), null);
  }

  HttpResponse<byte[]> post(HttpRequest.Builder request, byte[] body) throws RemoteException {
    Witnessed publisher = new Witnessed(BodyPublishers.ofByteArray(body));
    return send(request.POST(publisher).build(), publisher);
  }

  private HttpResponse<byte[]> send(HttpRequest request, @Nullable Witnessed body)
      throws RemoteException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request,
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), endpoint.largestAnswerBytes()));
    try {
      return answer.get(endpoint.callTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failed(e.getCause(), body);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw failed(new IOException("no answer within " + endpoint.callTimeout(), e), body);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw failed(e, body);
    }
  }

  private RemoteException failed(@Nullable Throwable why, @Nullable Witnessed body) {
    String server = endpoint.address().getAuthority();
    if (why instanceof SSLHandshakeException) {
      return new UntrustedException(
          "%s is not believed: %s".formatted(server, rootOf(why).getMessage()), why);
    }
    boolean isUnsent =
        why instanceof ConnectException
            || why instanceof HttpConnectTimeoutException
            || (body != null && !body.isBegun)
            || (body == null && why instanceof SSLException);
    String reason = why == null ? "no reason given" : reason(why);
    return isUnsent
        ? new NotSentException(
            "%s cannot be reached: %s".formatted(server, reason),
            why == null ? new IOException(reason) : why)
        : new LostAnswerException("%s has not answered: %s".formatted(server, reason), why);
  }

  private static String reason(Throwable why) {
    String message = why.getMessage();
    return message == null ? rootOf(why).getClass().getSimpleName() : message;
  }

  private static Throwable rootOf(Throwable why) {
    Throwable root = why;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** A body that knows whether anybody has begun to send it: until then nothing has left. */
  private static final class Witnessed implements BodyPublisher {
    private final BodyPublisher body;
    private volatile boolean isBegun;

    Witnessed(BodyPublisher body) {
      this.body = body;
    }

    @Override
    public long contentLength() {
      return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      isBegun = true;
      body.subscribe(subscriber);
    }
  }
}
