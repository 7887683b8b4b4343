package io.switchback.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and PostgreSQL and cuts the connection at the worst moment: the server
 * has committed, and its answer never arrives.
 */
final class TcpProxy implements AutoCloseable {
  /** How the server tells that a COMMIT is done. */
  private static final String COMMITTED = "COMMIT\0";

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Socket> sockets = new ArrayList<>();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private final AtomicInteger answersLost = new AtomicInteger();
  private final int server;
  private volatile boolean isCut;

  TcpProxy(int server) throws IOException {
    this.server = server;
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Cuts the connection in place of the next answer to a COMMIT. */
  void loseNextAnswer() {
    answersToLose.set(1);
  }

  /** Cuts every connection and refuses new ones until {@link #mend}. */
  void cut() {
    isCut = true;
    closeAll();
  }

  void mend() {
    isCut = false;
  }

  int answersLost() {
    return answersLost.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = keep(listener.accept());
        if (isCut) {
          client.close();
          continue;
        }
        Socket upstream = keep(new Socket(InetAddress.getLoopbackAddress(), server));
        threads.execute(() -> pump(client, upstream, false));
        threads.execute(() -> pump(upstream, client, true));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void pump(Socket from, Socket to, boolean isAnswer) {
    byte[] buffer = new byte[65536];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (isAnswer && isLost(new String(buffer, 0, read, StandardCharsets.ISO_8859_1))) {
          return;
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException cut) {
      // Either end has gone; both are closed.
    }
  }

  private boolean isLost(String answer) {
    boolean isLost =
        answer.contains(COMMITTED) && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    if (isLost) {
      answersLost.incrementAndGet();
    }
    return isLost;
  }

  private synchronized Socket keep(Socket socket) {
    sockets.add(socket);
    return socket;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    closeAll();
    threads.close();
  }

  private synchronized void closeAll() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException closed) {
        // It is gone, which is what was wanted.
      }
    }
    sockets.clear();
  }
}
