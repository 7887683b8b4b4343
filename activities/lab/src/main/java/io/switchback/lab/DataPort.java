package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskTags;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data path: frames over a plain socket, because an HTTP body costs a copy per 8 KiB. A frame
 * is an int with the length of its JSON head, the head, and for {@code write} the bytes of its
 * ranges; the answer has the same shape.
 */
final class DataPort implements AutoCloseable {
  static final int BATCH_BYTES = 8 << 20;
  static final int HEAD_BYTES = 4 << 20;
  private static final Set<String> LOOKING = Set.of("read", "tags");
  private static final Logger LOG = LoggerFactory.getLogger(DataPort.class);

  private final ServerSocketChannel server;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private final BufferPool buffers = new BufferPool(BATCH_BYTES, 12);
  private final LabSite site;
  private final ScriptedFaults faults;
  private final SiteTokens tokens;

  private DataPort(
      ServerSocketChannel server, LabSite site, ScriptedFaults faults, SiteTokens tokens) {
    this.tokens = tokens;
    this.server = server;
    this.site = site;
    this.faults = faults;
  }

  static DataPort open(LabSite site, ScriptedFaults faults, SiteTokens tokens) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new DataPort(server, site, faults, tokens);
  }

  int port() {
    return server.socket().getLocalPort();
  }

  void start() {
    Thread.ofVirtual().name("lab-data").start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        // An answer's bytes must not wait until its head was acknowledged.
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connections.add(connection);
        // Few and busy: a virtual thread would give its carrier back after each packet.
        Thread.ofPlatform().daemon().name("lab-data-connection").start(() -> serve(connection));
      }
    } catch (ClosedChannelException closed) {
      LOG.debug("data port closed");
    } catch (IOException e) {
      LOG.error("data port failed", e);
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      boolean isOpen = true;
      while (isOpen) {
        isOpen = serveFrame(connection);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("data connection ended", e);
    } finally {
      connections.remove(connection);
    }
  }

  private boolean serveFrame(SocketChannel connection) throws IOException {
    Requests.Frame frame = Frames.readHead(connection, Requests.Frame.class);
    long length = frame.ranges().stream().mapToLong(ByteRange::lengthBytes).sum();
    if (length > BATCH_BYTES && !frame.kind().equals("tags")) {
      refuse(
          connection,
          new LabException(
              LabFault.BAD_REQUEST,
              "A batch carries at most %d bytes, got %d.".formatted(BATCH_BYTES, length)));
      return false;
    }
    return switch (frame.kind()) {
      case "write" -> write(connection, frame, (int) length);
      case "read" -> read(connection, frame, (int) length);
      case "tags" -> tags(connection, frame);
      case "beginTransfer", "tellTransfer", "forgetTransfer" -> ofTransfer(connection, frame);
      case TagCalls.STANDING,
          TagCalls.UPDATE,
          TagCalls.MAKE,
          TagCalls.LEAVES,
          TagCalls.PUT,
          TagCalls.FINISH ->
          ofStoredTags(connection, frame);
      default -> {
        refuse(
            connection,
            new LabException(LabFault.BAD_REQUEST, "No frame '%s'.".formatted(frame.kind())));
        yield false;
      }
    };
  }

  private boolean write(SocketChannel connection, Requests.Frame frame, int length)
      throws IOException {
    ByteBuffer payload = buffers.take(length);
    boolean isTaken = false;
    try {
      Frames.readFully(connection, payload.limit(length));
      LabVm vm = admit(frame);
      ScriptedFaults.Hit hit = meet("write", vm);
      vm.transfers().write(frame, payload.flip(), () -> buffers.give(payload));
      isTaken = true;
      if (hit != null && hit.after()) {
        return false;
      }
      Frames.writeHead(connection, new Requests.FrameAnswer(null, null, 0));
    } catch (LabException e) {
      refuse(connection, e);
    } finally {
      if (!isTaken) {
        buffers.give(payload);
      }
    }
    return true;
  }

  private boolean read(SocketChannel connection, Requests.Frame frame, int length)
      throws IOException {
    ByteBuffer payload = buffers.take(length);
    try {
      LabVm vm = admit(frame);
      ScriptedFaults.Hit hit = meet("read", vm);
      int position = 0;
      for (ByteRange range : frame.ranges()) {
        vm.transfers()
            .read(
                frame.disk(),
                frame.snapshot(),
                range.offsetBytes(),
                payload.slice(position, (int) range.lengthBytes()));
        position += (int) range.lengthBytes();
      }
      if (hit != null && hit.after()) {
        return false;
      }
      Frames.writeHead(connection, new Requests.FrameAnswer(null, null, length));
      Frames.writeFully(connection, payload.clear().limit(length));
    } catch (LabException e) {
      refuse(connection, e);
    } finally {
      buffers.give(payload);
    }
    return true;
  }

  /** Answers the tags of the ranges, read back from the disk here. */
  private boolean tags(SocketChannel connection, Requests.Frame frame) throws IOException {
    try {
      LabVm vm = admit(frame);
      ScriptedFaults.Hit hit = meet("tags", vm);
      Requests.Tagging tagging = frame.tagging();
      if (tagging == null) {
        throw new LabException(LabFault.BAD_REQUEST, "Tags need a key and a level.");
      }
      byte[] tags =
          DiskTags.of(
              vm.transfers().present(frame.disk()),
              TagKey.parse(tagging.key()),
              tagging.level(),
              frame.ranges());
      if (hit != null && hit.after()) {
        return false;
      }
      Frames.writeHead(connection, new Requests.FrameAnswer(null, null, tags.length));
      Frames.writeFully(connection, ByteBuffer.wrap(tags));
    } catch (LabException e) {
      refuse(connection, e);
    } catch (IllegalArgumentException e) {
      refuse(connection, new LabException(LabFault.BAD_REQUEST, String.valueOf(e.getMessage())));
    }
    return true;
  }

  /** Reads or changes what is known of the transfer into a disk. */
  private boolean ofTransfer(SocketChannel connection, Requests.Frame frame) throws IOException {
    try {
      LabVm vm = admit(frame);
      ScriptedFaults.Hit hit = meet(frame.kind(), vm);
      byte[] answer =
          String.join("\n", vm.transfers().ofTransfer(frame)).getBytes(StandardCharsets.UTF_8);
      if (hit != null && hit.after()) {
        return false;
      }
      Frames.writeHead(connection, new Requests.FrameAnswer(null, null, answer.length));
      Frames.writeFully(connection, ByteBuffer.wrap(answer));
    } catch (LabException e) {
      refuse(connection, e);
    }
    return true;
  }

  /** Reads or changes what is stored of what a disk holds. */
  private boolean ofStoredTags(SocketChannel connection, Requests.Frame frame) throws IOException {
    try {
      LabVm vm = admit(frame);
      ScriptedFaults.Hit hit = meet(frame.kind(), vm);
      byte[] answer = vm.transfers().ofStoredTags(frame);
      if (hit != null && hit.after()) {
        return false;
      }
      Frames.writeHead(connection, new Requests.FrameAnswer(null, null, answer.length));
      Frames.writeFully(connection, ByteBuffer.wrap(answer));
    } catch (LabException e) {
      refuse(connection, e);
    } catch (IllegalArgumentException e) {
      refuse(connection, new LabException(LabFault.BAD_REQUEST, String.valueOf(e.getMessage())));
    }
    return true;
  }

  private LabVm admit(Requests.Frame frame) {
    String token = frame.token() == null ? "" : frame.token();
    var _ = tokens.check(token, frame.kind(), !LOOKING.contains(frame.kind()));
    return site.find(frame.vm());
  }

  private ScriptedFaults.@Nullable Hit meet(String kind, LabVm vm) {
    VmDefinition definition = vm.store().definition();
    ScriptedFaults.Hit hit = faults.meet(kind, definition.id(), definition.name());
    if (hit != null) {
      hit.before();
    }
    return hit;
  }

  private static void refuse(SocketChannel connection, LabException e) throws IOException {
    Frames.writeHead(connection, new Requests.FrameAnswer(e.fault(), e.getMessage(), 0));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel connection : List.copyOf(connections)) {
      connection.close();
    }
  }
}
