package io.switchback.lab;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Reading and writing frames, the same at both ends. */
final class Frames {
  private Frames() {}

  static <T> T readHead(SocketChannel connection, Class<T> type) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    readFully(connection, length);
    return readHead(connection, length.getInt(0), type);
  }

  /** Reads the head of an answer, waiting no longer than the socket's own limit. */
  static Requests.FrameAnswer readAnswer(SocketChannel connection) throws IOException {
    byte[] length = connection.socket().getInputStream().readNBytes(Integer.BYTES);
    if (length.length < Integer.BYTES) {
      throw new EOFException("The other end closed the connection.");
    }
    return readHead(connection, ByteBuffer.wrap(length).getInt(), Requests.FrameAnswer.class);
  }

  private static <T> T readHead(SocketChannel connection, int size, Class<T> type)
      throws IOException {
    if (size < 0 || size > DataPort.HEAD_BYTES) {
      throw new IOException("A frame's head of " + size + " bytes is no frame of ours.");
    }
    ByteBuffer head = ByteBuffer.allocate(size);
    readFully(connection, head);
    return Json.read(head.array(), type);
  }

  static void writeHead(SocketChannel connection, Object head) throws IOException {
    byte[] json = Json.write(head);
    writeFully(
        connection,
        ByteBuffer.allocate(Integer.BYTES + json.length).putInt(json.length).put(json).flip());
  }

  static void readFully(SocketChannel connection, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (connection.read(target) < 0) {
        throw new EOFException("The other end closed the connection.");
      }
    }
  }

  static void writeFully(SocketChannel connection, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }
}
