package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The data path to one disk of one VM. A batch is applied as a whole or not at all, and its fence
 * is checked each time. For use by one thread at a time.
 */
public final class DiskConnection implements AutoCloseable {
  /** The most bytes that one batch may carry. */
  public static final int BATCH_BYTES = DataPort.BATCH_BYTES;

  // A site that has stopped without closing its sockets must not hold its callers for ever.
  private static final int ANSWER_LIMIT_MILLIS = 60_000;

  private final SocketChannel socket;
  private final Supplier<String> token;
  private final String vm;
  private final String disk;

  private DiskConnection(SocketChannel socket, Supplier<String> token, String vm, String disk) {
    this.token = token;
    this.socket = socket;
    this.vm = vm;
    this.disk = disk;
  }

  static DiskConnection open(int port, Supplier<String> token, String vm, String disk) {
    try {
      SocketChannel socket =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.socket().setSoTimeout(ANSWER_LIMIT_MILLIS);
      return new DiskConnection(socket, token, vm, disk);
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  /**
   * Sends a batch and waits for its answer.
   *
   * @param ranges where the payload's bytes go, one range after another
   * @param payload in one or more buffers, each from its position to its limit
   * @param zeros stretches that shall read as zeros
   * @throws LabException FENCED, DISK_IN_USE, BAD_REQUEST or UNREACHABLE
   */
  public void write(
      List<ByteRange> ranges,
      List<ByteBuffer> payload,
      List<ByteRange> zeros,
      @Nullable Stamp stamp) {
    write(ranges, payload, zeros, stamp, null);
  }

  /**
   * The same for an attempt of a transfer.
   *
   * @param attempt as {@link #beginTransfer} answered it; null when what is written shall make the
   *     next transfer begin anew
   * @throws LabException also DISK_CHANGED when the attempt is over
   */
  void write(
      List<ByteRange> ranges,
      List<ByteBuffer> payload,
      List<ByteRange> zeros,
      @Nullable Stamp stamp,
      @Nullable String attempt) {
    try {
      Frames.writeHead(
          socket,
          new Requests.Frame(
              "write",
              token.get(),
              vm,
              disk,
              null,
              ranges,
              zeros,
              stamp,
              null,
              attempt,
              null,
              null,
              null));
      ByteBuffer[] buffers = payload.toArray(ByteBuffer[]::new);
      while (Arrays.stream(buffers).anyMatch(ByteBuffer::hasRemaining)) {
        socket.write(buffers);
      }
      check(Frames.readAnswer(socket));
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  /** Sends one stretch and waits for its answer. */
  public void write(long offsetBytes, ByteBuffer payload, @Nullable Stamp stamp) {
    write(
        List.of(new ByteRange(offsetBytes, payload.remaining())),
        List.of(payload),
        List.of(),
        stamp);
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
    try {
      List<ByteRange> ranges = List.of(new ByteRange(offsetBytes, target.remaining()));
      Frames.writeHead(
          socket,
          new Requests.Frame(
              "read",
              token.get(),
              vm,
              disk,
              snapshot,
              ranges,
              null,
              null,
              null,
              null,
              null,
              null,
              null));
      Requests.FrameAnswer answer = Frames.readAnswer(socket);
      check(answer);
      if (answer.bytes() != target.remaining()) {
        throw new EOFException(
            "Asked for %d bytes, got %d.".formatted(target.remaining(), answer.bytes()));
      }
      Frames.readFully(socket, target);
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  /**
   * Lets the site read the ranges back from the disk and answer the tag of each unit.
   *
   * @param ranges each starts on a unit of the level
   */
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) {
    try {
      Frames.writeHead(
          socket,
          new Requests.Frame(
              "tags",
              token.get(),
              vm,
              disk,
              null,
              ranges,
              null,
              null,
              new Requests.Tagging(key.text(), level),
              null,
              null,
              null,
              null));
      return answered();
    } catch (IOException e) {
      throw broken(vm, disk, e);
    }
  }

  private byte[] answered() throws IOException {
    Requests.FrameAnswer answer = Frames.readAnswer(socket);
    check(answer);
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(answer.bytes()));
    Frames.readFully(socket, bytes);
    return bytes.array();
  }

  /**
   * Begins an attempt of a transfer, or goes on with one; earlier attempts can write nothing more.
   *
   * @param beginning absent = of one that nobody remembers
   * @return id of the attempt; of one that is remembered also the key of its tags, then the notes
   *     of earlier attempts, a line each
   */
  List<String> beginTransfer(Requests.@Nullable Beginning beginning, @Nullable Stamp stamp) {
    byte[] answer = attempting("beginTransfer", stamp, null, beginning, null, null);
    return new String(answer, StandardCharsets.UTF_8).lines().toList();
  }

  /** Adds notes, a line each. */
  void tellTransfer(String attempt, List<String> notes, @Nullable Stamp stamp) {
    var _ = attempting("tellTransfer", stamp, attempt, null, notes, null);
  }

  /** Forgets what is known of the transfer. */
  void forgetTransfer(String attempt, @Nullable Stamp stamp) {
    var _ = attempting("forgetTransfer", stamp, attempt, null, null, null);
  }

  /**
   * Reads or changes the tags that the site stores of what the disk holds.
   *
   * @param kind one of {@link TagCalls}
   */
  byte[] ofStoredTags(
      String kind, String attempt, Requests.Storing storing, @Nullable Stamp stamp) {
    return attempting(kind, stamp, attempt, null, null, storing);
  }

  private byte[] attempting(
      String kind,
      @Nullable Stamp stamp,
      @Nullable String attempt,
      Requests.@Nullable Beginning beginning,
      @Nullable List<String> notes,
      Requests.@Nullable Storing storing) {
    try {
      Frames.writeHead(
          socket,
          new Requests.Frame(
              kind,
              token.get(),
              vm,
              disk,
              null,
              List.of(),
              null,
              stamp,
              null,
              attempt,
              beginning,
              notes,
              storing));
      return answered();
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
