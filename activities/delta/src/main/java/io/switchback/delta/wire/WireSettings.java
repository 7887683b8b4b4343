package io.switchback.delta.wire;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/**
 * How streams behave.
 *
 * @param plainOnLoopback whether a stream without TLS is taken, and then only from this machine
 *     itself
 * @param creditBytes that one stream may have under way at once, at most, at the end whose settings
 *     these are; between 2 MiB and 1 GiB
 * @param answerLimit how long to wait for the answer to one request
 * @param idleLimit how long a stream may be silent between two requests
 */
public record WireSettings(
    boolean plainOnLoopback, int creditBytes, Duration answerLimit, Duration idleLimit) {
  private static final int LEAST_CREDIT_BYTES = 2 * 1024 * 1024;
  static final int MOST_CREDIT_BYTES = 1024 * 1024 * 1024;

  public WireSettings {
    if (creditBytes < LEAST_CREDIT_BYTES || creditBytes > MOST_CREDIT_BYTES) {
      throw new IllegalArgumentException(
          "A stream has a credit of 2 MiB to 1 GiB, not %d bytes.".formatted(creditBytes));
    }
    if (!answerLimit.isPositive() || !idleLimit.isPositive()) {
      throw new IllegalArgumentException("The limits of a stream are longer than nothing.");
    }
  }

  /** TLS only. */
  public static WireSettings standard() {
    return new WireSettings(false, 8 * 1024 * 1024, Duration.ofMinutes(5), Duration.ofMinutes(30));
  }

  /** Also without TLS, between processes of this machine. */
  public WireSettings withPlainOnLoopback() {
    return new WireSettings(true, creditBytes, answerLimit, idleLimit);
  }

  /**
   * @throws IOException if the socket is neither protected by TLS nor allowed to be plain
   */
  void requireProtected(Socket socket) throws IOException {
    boolean isPlainAllowed = plainOnLoopback && socket.getInetAddress().isLoopbackAddress();
    if (!(socket instanceof SSLSocket) && !isPlainAllowed) {
      throw new IOException(
          "The stream with %s is not protected by TLS. Plain streams must be allowed explicitly, and only within one machine."
              .formatted(socket.getRemoteSocketAddress()));
    }
  }
}
