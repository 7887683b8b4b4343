package io.switchback.delta.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between two workers, and cuts each connection after so many bytes of one direction. */
final class CuttingProxy implements Closeable {
  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Cut cut = Cut.NEVER;

  /**
   * Where the next connection ends.
   *
   * @param isAnswer whether bytes from the side that serves count, or those to it
   * @param isReset whether both ends see an error, or an orderly end
   */
  record Cut(long afterBytes, boolean isAnswer, boolean isReset) {
    static final Cut NEVER = new Cut(Long.MAX_VALUE, true, false);
  }

  CuttingProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  void next(Cut next) {
    cut = next;
  }

  /** Resets every connection that stands. */
  void cutNow() {
    for (Socket socket : open) {
      end(socket, new Cut(0, true, true));
    }
  }

  Socket dial() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(near);
        open.add(far);
        Cut now = cut;
        Thread.ofVirtual().start(() -> pass(near, far, !now.isAnswer(), now));
        Thread.ofVirtual().start(() -> pass(far, near, now.isAnswer(), now));
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void pass(Socket from, Socket to, boolean counts, Cut now) {
    long left = counts ? now.afterBytes() : Long.MAX_VALUE;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      while (left > 0) {
        int count = in.read(bytes, 0, (int) Math.min(bytes.length, left));
        if (count < 0) {
          break;
        }
        out.write(bytes, 0, count);
        left -= count;
      }
    } catch (IOException gone) {
      // Either end hung up.
    } finally {
      end(from, now);
      end(to, now);
    }
  }

  private void end(Socket socket, Cut now) {
    try {
      if (now.isReset()) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    } catch (IOException closed) {
      // The other direction was faster.
    }
    open.remove(socket);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
