package io.switchback.worker.crash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * A TCP proxy on loopback that can keep an answer back: once a connection has sent certain texts,
 * in order, the effect has happened at the server and its answer waits here. Of gRPC it understands
 * enough to know a message by what it says, and can keep the message itself back, too.
 */
final class HoldingProxy implements AutoCloseable {
  private enum Kept {
    /** What answers it. */
    ANSWER,
    /** What answers it, and the connection is gone. */
    CONNECTION,
    /** The message itself, until it is released. */
    MESSAGE,
    /** Every such message: nobody ever hears it. */
    ALL_MESSAGES
  }

  /** What a test waits for. */
  static final class Trap {
    private final List<String> texts;
    private final Predicate<byte[]> message;
    private final Kept kept;
    private final CountDownLatch hit = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean dropped;
    private boolean taken;

    private Trap(List<String> texts, Predicate<byte[]> message, Kept kept) {
      this.texts = texts;
      this.message = message;
      this.kept = kept;
    }

    private static Trap none() {
      return new Trap(List.of(), message -> false, Kept.ANSWER);
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

    /** Its sender is dead: a message that is kept back is never delivered. */
    void drop() {
      dropped = true;
      release();
    }

    private boolean isOver() {
      return released.getCount() == 0;
    }

    /** Whether it is this connection that has gone into it: only the first does. */
    private synchronized boolean take() {
      boolean first = !taken;
      taken = true;
      return first;
    }

    private void awaitRelease() {
      try {
        released.await();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final int FRAME_HEAD_BYTES = 9;

  private final ServerSocket server;
  private final int target;
  private final boolean isGrpc;
  private final List<Socket> sockets = new ArrayList<>();
  private volatile Trap trap = Trap.none();

  private HoldingProxy(int target, boolean isGrpc) throws IOException {
    this.target = target;
    this.isGrpc = isGrpc;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Before PostgreSQL. */
  static HoldingProxy ofText(int target) throws IOException {
    return new HoldingProxy(target, false);
  }

  /** Before Temporal. */
  static HoldingProxy ofGrpc(int target) throws IOException {
    return new HoldingProxy(target, true);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Keeps the answer back that follows the texts, once; without texts, nothing any more. */
  Trap hold(String... texts) {
    return set(new Trap(List.of(texts), message -> false, Kept.ANSWER));
  }

  /** Cuts the connection instead of passing the answer that follows the texts, once. */
  Trap cut(String... texts) {
    return set(new Trap(List.of(texts), message -> false, Kept.CONNECTION));
  }

  /** Keeps the answer to a message back, once. */
  Trap holdAnswer(Predicate<byte[]> message) {
    return set(new Trap(List.of(), message, Kept.ANSWER));
  }

  /** Keeps a message back, once, with all that its connection says after it. */
  Trap holdMessage(Predicate<byte[]> message) {
    return set(new Trap(List.of(), message, Kept.MESSAGE));
  }

  /** Loses each such message until it is released. */
  Trap lose(Predicate<byte[]> message) {
    return set(new Trap(List.of(), message, Kept.ALL_MESSAGES));
  }

  private Trap set(Trap next) {
    trap = next;
    return next;
  }

  private void accept() {
    try {
      while (true) {
        connect(server.accept());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void connect(Socket client) throws IOException {
    Socket upstream;
    try {
      upstream = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException away) {
      // It may come back; whoever wants it asks again.
      client.close();
      return;
    }
    synchronized (sockets) {
      sockets.add(client);
      sockets.add(upstream);
    }
    Connection connection = new Connection(client, upstream);
    Thread.ofVirtual().start(isGrpc ? connection::messages : connection::requests);
    Thread.ofVirtual().start(isGrpc ? connection::answersToMessages : connection::answers);
  }

  @Override
  public void close() throws IOException {
    trap.drop();
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private final class Connection {
    private static final int PREFACE_BYTES = 24;
    private static final int MESSAGE_HEAD_BYTES = 5;
    private static final int DATA = 0;
    private static final int NONE = -1;

    private final Socket client;
    private final Socket upstream;
    private Trap watched = trap;
    private int matched;
    private volatile Trap sprung = Trap.none();
    private volatile int caughtStream = NONE;

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
      if (!now.texts.isEmpty() && !now.isOver() && now.take()) {
        sprung = now;
      }
    }

    private void holdBack() throws IOException {
      Trap now = sprung;
      if (!now.taken || now.isOver()) {
        return;
      }
      now.hit.countDown();
      if (now.kept == Kept.CONNECTION) {
        now.release();
        client.close();
        upstream.close();
        throw new IOException("cut");
      }
      now.awaitRelease();
    }

    void messages() {
      frames(client, upstream, PREFACE_BYTES, this::passes);
    }

    void answersToMessages() {
      frames(
          upstream,
          client,
          0,
          (head, body) -> {
            if (stream(head) == caughtStream) {
              holdBack();
            }
            return true;
          });
    }

    private boolean passes(byte[] head, byte[] body) throws IOException {
      Trap now = trap;
      if (head[3] != DATA
          || !isOneMessage(body)
          || now.isOver()
          || !now.message.test(unpacked(body))) {
        return true;
      }
      if (now.kept == Kept.ALL_MESSAGES) {
        now.hit.countDown();
        return false;
      }
      if (!now.take()) {
        return true;
      }
      if (now.kept == Kept.MESSAGE) {
        now.hit.countDown();
        now.awaitRelease();
        return !now.dropped;
      }
      sprung = now;
      caughtStream = stream(head);
      return true;
    }

    /** A long one comes in several frames, and no trap is about those. */
    private static boolean isOneMessage(byte[] body) {
      return body.length >= MESSAGE_HEAD_BYTES
          && ByteBuffer.wrap(body, 1, Integer.BYTES).getInt() == body.length - MESSAGE_HEAD_BYTES;
    }

    private static byte[] unpacked(byte[] body) throws IOException {
      InputStream message =
          new ByteArrayInputStream(body, MESSAGE_HEAD_BYTES, body.length - MESSAGE_HEAD_BYTES);
      boolean isPacked = body[0] == 1;
      return (isPacked ? new GZIPInputStream(message) : message).readAllBytes();
    }

    private static int stream(byte[] head) {
      return ByteBuffer.wrap(head, 5, Integer.BYTES).getInt() & Integer.MAX_VALUE;
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

  private interface Frame {
    /** Whether it is passed on. */
    boolean pass(byte[] head, byte[] body) throws IOException;
  }

  /** Passes on what HTTP/2 says, frame by frame. */
  private static void frames(Socket from, Socket to, int prefaceBytes, Frame frame) {
    try (from;
        to) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(from.getInputStream(), 1 << 16));
      OutputStream out = new BufferedOutputStream(to.getOutputStream(), 1 << 16);
      out.write(in.readNBytes(prefaceBytes));
      byte[] head = in.readNBytes(FRAME_HEAD_BYTES);
      while (head.length == FRAME_HEAD_BYTES) {
        int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
        byte[] body = in.readNBytes(length);
        if (frame.pass(head, body)) {
          out.write(head);
          out.write(body);
        }
        if (in.available() == 0) {
          out.flush();
        }
        head = in.readNBytes(FRAME_HEAD_BYTES);
      }
    } catch (IOException ended) {
      // The connection is over, on whichever side.
    }
  }
}
