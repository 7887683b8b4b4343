package io.switchback.lab;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data path to one disk of one VM. A batch is applied as a whole or not at all, and its fence
 * is checked each time. For use by one thread at a time.
 */
public final class DiskConnection implements AutoCloseable {
  /** The most bytes that one batch may carry. */
  public static final int BATCH_BYTES = DataPort.BATCH_BYTES;

  private static final int IN_FLIGHT = 4;

  private final SocketChannel socket;
  private final String vm;
  private final String disk;
  private int unanswered;

  private DiskConnection(SocketChannel socket, String vm, String disk) {
    this.socket = socket;
    this.vm = vm;
    this.disk = disk;
  }

  static DiskConnection open(int port, String vm, String disk) {
    try {
      SocketChannel socket =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return new DiskConnection(socket, vm, disk);
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  /**
   * Sends a batch and waits for its answer and for those of batches sent before.
   *
   * @param payload the bytes of all ranges one after another, from position to limit
   * @throws LabException FENCED, DISK_IN_USE, BAD_REQUEST or UNREACHABLE
   */
  public void write(List<ByteRange> ranges, ByteBuffer payload, @Nullable Stamp stamp) {
    send(ranges, payload, stamp);
    await();
  }

  /**
   * Sends a batch without waiting for its answer, unless several are on the way. A refusal shows at
   * a later call, at the latest at {@link #await}; batches behind a refused one may have been
   * applied.
   */
  public void send(List<ByteRange> ranges, ByteBuffer payload, @Nullable Stamp stamp) {
    try {
      while (unanswered >= IN_FLIGHT) {
        receive();
      }
      DataPort.Frames.writeHead(socket, new Requests.Frame("write", vm, disk, null, ranges, stamp));
      DataPort.Frames.writeFully(socket, payload);
      unanswered++;
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  /** Waits for every answer that is still on its way. */
  public void await() {
    try {
      while (unanswered > 0) {
        receive();
      }
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  private void receive() throws IOException {
    Requests.FrameAnswer answer = DataPort.Frames.readHead(socket, Requests.FrameAnswer.class);
    unanswered--;
    check(answer);
  }

  private static void check(Requests.FrameAnswer answer) {
    if (answer.fault() != null) {
      throw new LabException(
          answer.fault(), answer.message() == null ? answer.fault() : answer.message());
    }
  }

  /**
   * Fills {@code target} with the disk's bytes from {@code offsetBytes} on, at most {@link
   * #BATCH_BYTES}.
   *
   * @param snapshot its id or name, or null for the present state with what is not flushed yet
   */
  public void read(@Nullable String snapshot, long offsetBytes, ByteBuffer target) {
    await();
    try {
      List<ByteRange> ranges = List.of(new ByteRange(offsetBytes, target.remaining()));
      DataPort.Frames.writeHead(
          socket, new Requests.Frame("read", vm, disk, snapshot, ranges, null));
      Requests.FrameAnswer answer = DataPort.Frames.readHead(socket, Requests.FrameAnswer.class);
      check(answer);
      if (answer.bytes() != target.remaining()) {
        throw new EOFException(
            "Asked for %d bytes, got %d.".formatted(target.remaining(), answer.bytes()));
      }
      DataPort.Frames.readFully(socket, target);
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  private static LabException broken(String vm, String disk, IOException cause) {
    return new LabException(
        LabFault.UNREACHABLE,
        "The data path to disk '%s' of VM '%s' broke: %s. What was flushed is safe; connect again."
            .formatted(disk, vm, cause),
        cause);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }
}
