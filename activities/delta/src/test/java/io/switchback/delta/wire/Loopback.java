package io.switchback.delta.wire;

import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.trust.GrantedDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** A server of one disk on a loopback socket, in this process. */
final class Loopback implements AutoCloseable {
  static final GrantedDisk DISK = new GrantedDisk("munich", "vm-1", "disk-0", "cycle-7");
  static final WireSettings SETTINGS =
      new WireSettings(true, 8 << 20, Duration.ofSeconds(20), Duration.ofSeconds(20));

  private final ServerSocket socket;
  private final SourceServer server;

  Loopback(Gate gate, ServedDisks disks) throws IOException {
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.server = SourceServer.start(socket, Handshake.plain(), gate, disks, SETTINGS);
  }

  /** A disk that everybody may read. */
  static Loopback of(DiskSource disk) throws IOException {
    return new Loopback(_ -> FenceCheck.UNFENCED, _ -> disk);
  }

  int port() {
    return socket.getLocalPort();
  }

  SourceServer server() {
    return server;
  }

  Socket dial() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port());
  }

  RemoteSource open(long capacityBytes) throws IOException {
    return RemoteSource.open(dial(), DISK, new byte[] {1, 2, 3}, capacityBytes, SETTINGS);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
