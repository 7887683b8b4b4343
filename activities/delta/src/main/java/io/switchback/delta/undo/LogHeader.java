package io.switchback.delta.undo;

import io.switchback.delta.Geometry;
import io.switchback.delta.state.Folder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The first 4 KiB of a log: whose it is. Written and durable before anything follows. */
record LogHeader(String pointId, long capacityBytes) {
  static final int BYTES = 4096;

  private static final long MAGIC = 0x53776255_6e646f31L; // SwbUndo1
  private static final int SHA_256 = 1;
  private static final int CRC_AT = BYTES - Integer.BYTES;

  void write(Folder.Log file) throws IOException {
    file.write(0, bytes());
  }

  private ByteBuffer bytes() {
    byte[] id = pointId.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    header.putLong(MAGIC).putInt(SHA_256).putInt(Geometry.LEAF_BYTES).putLong(capacityBytes);
    header.putInt(id.length).put(id);
    header.putInt(CRC_AT, Frame.crc(header.slice(0, CRC_AT)));
    return header.clear();
  }

  /**
   * Whether {@code file} begins with this header. One that a crash has torn is none.
   *
   * @throws DamagedUndoLogException if it begins with another
   */
  boolean isIn(String name, Folder.Log file) throws IOException {
    if (file.sizeBytes() < BYTES) {
      return false;
    }
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    file.read(0, header);
    header.flip();
    if (header.getInt(CRC_AT) != Frame.crc(header.slice(0, CRC_AT))) {
      return false;
    }
    if (!header.equals(bytes())) {
      throw new DamagedUndoLogException(name, "it is of another point, disk or version");
    }
    return true;
  }
}
