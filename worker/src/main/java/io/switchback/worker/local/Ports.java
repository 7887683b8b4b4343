package io.switchback.worker.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** TCP ports on loopback. */
public final class Ports {
  private static final int CONNECT_MILLIS = 500;

  private Ports() {}

  /**
   * {@code preferred} if nobody listens there, else a free one. It may be taken by the time it is
   * used.
   */
  public static int free(int preferred) {
    try (ServerSocket socket = new ServerSocket(preferred, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException taken) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException failure) {
        throw new UncheckedIOException("No free port on loopback", failure);
      }
    }
  }

  /** Whether somebody accepts connections at {@code host:port}. */
  public static boolean answers(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
