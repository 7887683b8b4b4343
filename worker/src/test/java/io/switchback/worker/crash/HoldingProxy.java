package io.switchback.worker.crash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy on loopback that can keep an answer back: once a connection has sent certain texts,
 * in order, the effect has happened at the server and its answer waits here.
 */
final class HoldingProxy implements AutoCloseable {
  /** What a test waits for. */
  static final class Trap {
    private final List<String> texts;
    private final boolean cut;
    private final CountDownLatch hit = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private boolean taken;

    private Trap(List<String> texts, boolean cut) {
      this.texts = texts;
      this.cut = cut;
    }

    boolean await(long seconds) throws InterruptedException {
      return hit.await(seconds, TimeUnit.SECONDS);
    }

    boolean isHit() {
      return hit.getCount() == 0;
    }

    void release() {
      released.countDown();
    }
  }

  private final ServerSocket server;
  private final int target;
  private final List<Socket> sockets = new ArrayList<>();
  private volatile Trap trap = new Trap(List.of(), false);

  HoldingProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Keeps the answer back that follows the texts, once. */
  Trap hold(String... texts) {
    trap = new Trap(List.of(texts), false);
    return trap;
  }

  /** Cuts the connection instead of passing the answer that follows the texts, once. */
  Trap cut(String... texts) {
    trap = new Trap(List.of(texts), true);
    return trap;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket upstream;
        try {
          upstream = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException serverAway) {
          client.close();
          continue;
        }
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        synchronized (sockets) {
          sockets.add(client);
          sockets.add(upstream);
        }
        Connection connection = new Connection(client, upstream);
        Thread.ofVirtual().start(connection::requests);
        Thread.ofVirtual().start(connection::answers);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @Override
  public void close() throws IOException {
    trap.release();
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket upstream;
    private Trap watched = trap;
    private int matched;
    private volatile Trap sprung = new Trap(List.of(), false);

    Connection(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void requests() {
      pump(client, upstream, this::watch);
    }

    void answers() {
      pump(upstream, client, bytes -> holdBack());
    }

    private void watch(String bytes) {
      Trap now = trap;
      if (now != watched) {
        watched = now;
        matched = 0;
      }
      int from = 0;
      while (matched < now.texts.size()) {
        int found = bytes.indexOf(now.texts.get(matched), from);
        if (found < 0) {
          return;
        }
        from = found + 1;
        matched++;
      }
      synchronized (now) {
        if (!now.taken && !now.texts.isEmpty()) {
          now.taken = true;
          sprung = now;
        }
      }
    }

    private void holdBack() throws IOException {
      Trap now = sprung;
      if (now.texts.isEmpty() || now.released.getCount() == 0) {
        return;
      }
      now.hit.countDown();
      if (now.cut) {
        now.release();
        client.close();
        upstream.close();
        throw new IOException("cut");
      }
      try {
        now.released.await();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Watch {
    void see(String bytes) throws IOException;
  }

  private static void pump(Socket from, Socket to, Watch watch) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        watch.see(new String(buffer, 0, n, ISO_8859_1));
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException ended) {
      // The connection is over, on whichever side.
    }
  }
}
