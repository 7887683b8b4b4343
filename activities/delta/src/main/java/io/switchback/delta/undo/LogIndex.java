package io.switchback.delta.undo;

import io.switchback.delta.state.Folder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What ends a finished log: where each leaf is, ascending, and a last sector that proves it. Only
 * spares a scan of all frames; a log that was never finished has none.
 */
final class LogIndex {
  private static final int MAGIC = 0x53776245; // SwbE
  private static final int ENTRY_BYTES = 48;
  private static final int CHUNK_ENTRIES = 4096;
  private static final int CHECKED_BYTES = 56;

  private LogIndex() {}

  /** Writes the index of {@code leaves} from {@code atBytes} on; the caller makes it durable. */
  static void write(Folder.Log file, LeafMap leaves, long atBytes) throws IOException {
    List<Long> ascending = new ArrayList<>();
    leaves.forEach(ascending::add);
    MessageDigest sha256 = Frame.hasher();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_ENTRIES * ENTRY_BYTES);
    ByteBuffer sector = ByteBuffer.allocate(Frame.SECTOR_BYTES);
    long at = atBytes;
    for (int entry = 0; entry < ascending.size(); entry++) {
      long leaf = ascending.get(entry);
      int first = leaves.sector(leaf);
      file.read((long) first * Frame.SECTOR_BYTES, sector.clear());
      Frame frame =
          Frame.read(sector.flip())
              .orElseThrow(() -> new IOException("The frame of leaf " + leaf + " is gone."));
      chunk.putLong(leaf).putInt(first).putInt(frame.length()).put(frame.sha256().duplicate());
      if (!chunk.hasRemaining() || entry == ascending.size() - 1) {
        int length = chunk.flip().remaining();
        sha256.update(chunk.duplicate());
        file.write(at, chunk);
        chunk.clear();
        at += length;
      }
    }
    file.write(at, end(atBytes, ascending.size(), sha256.digest()));
  }

  private static ByteBuffer end(long indexAtBytes, long entries, byte[] sha256) {
    ByteBuffer end = ByteBuffer.allocate(Frame.SECTOR_BYTES);
    end.putInt(MAGIC).putInt(0).putLong(indexAtBytes).putLong(entries).put(sha256);
    end.putInt(CHECKED_BYTES, Frame.crc(end.slice(0, CHECKED_BYTES)));
    return end.clear();
  }

  /** Where the frames end and the index begins; empty when the log was not finished. */
  static Optional<Long> beginsAt(Folder.Log file) throws IOException {
    Optional<ByteBuffer> end = end(file);
    return end.map(sector -> sector.getLong(8));
  }

  private static Optional<ByteBuffer> end(Folder.Log file) throws IOException {
    long endAt = file.sizeBytes() - Frame.SECTOR_BYTES;
    if (endAt < LogHeader.BYTES) {
      return Optional.empty();
    }
    ByteBuffer end = ByteBuffer.allocate(Frame.SECTOR_BYTES);
    file.read(endAt, end);
    end.flip();
    long indexAt = end.getLong(8);
    long entries = end.getLong(16);
    boolean isEnd =
        end.getInt(0) == MAGIC
            && end.getInt(CHECKED_BYTES) == Frame.crc(end.slice(0, CHECKED_BYTES))
            && indexAt >= LogHeader.BYTES
            && entries >= 0
            && entries <= (endAt - indexAt) / ENTRY_BYTES
            && indexAt + entries * ENTRY_BYTES == endAt;
    return isEnd ? Optional.of(end) : Optional.empty();
  }

  /** Fills {@code leaves} from the index of a finished log. Answers false when it is damaged. */
  static boolean load(Folder.Log file, LeafMap leaves) throws IOException {
    Optional<ByteBuffer> end = end(file);
    if (end.isEmpty()) {
      return false;
    }
    long indexAt = end.get().getLong(8);
    long endAt = file.sizeBytes() - Frame.SECTOR_BYTES;
    byte[] sha256 = new byte[32];
    end.get().get(24, sha256);
    if (!Arrays.equals(digest(file, indexAt, endAt), sha256)) {
      return false;
    }
    fill(file, indexAt, endAt, leaves);
    return true;
  }

  private static byte[] digest(Folder.Log file, long from, long to) throws IOException {
    MessageDigest sha256 = Frame.hasher();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_ENTRIES * ENTRY_BYTES);
    for (long at = from; at < to; at += chunk.capacity()) {
      file.read(at, chunk.clear().limit((int) Math.min(chunk.capacity(), to - at)));
      sha256.update(chunk.flip());
    }
    return sha256.digest();
  }

  private static void fill(Folder.Log file, long from, long to, LeafMap leaves) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_ENTRIES * ENTRY_BYTES);
    for (long at = from; at < to; at += chunk.capacity()) {
      file.read(at, chunk.clear().limit((int) Math.min(chunk.capacity(), to - at)));
      for (chunk.flip(); chunk.hasRemaining(); chunk.position(chunk.position() + 32)) {
        long leaf = chunk.getLong();
        int sector = chunk.getInt();
        leaves.add(leaf, sector, chunk.getInt() == 0);
      }
    }
  }
}
