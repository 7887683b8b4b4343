package io.switchback.delta.undo;

import io.switchback.delta.Flushes;
import io.switchback.delta.Geometry;
import io.switchback.delta.state.Folder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What a disk held at one restore point, leaf by leaf, where it was changed afterwards. May be used
 * by several threads at once.
 */
final class UndoLog implements Closeable {
  private static final long MAX_BYTES = (1L << 31) * Frame.SECTOR_BYTES;

  private final String name;
  private final Folder.Log file;
  private final LogHeader header;
  private final LeafMap leaves;
  private final Object syncing = new Object();
  private long endBytes;
  private volatile long syncedBytes;
  private final Flushes flushes;

  private UndoLog(String name, Folder.Log file, LogHeader header, LeafMap leaves, long endBytes) {
    this.name = name;
    this.file = file;
    this.header = header;
    this.leaves = leaves;
    this.endBytes = endBytes;
    this.syncedBytes = endBytes;
    this.flushes = Flushes.named("'" + name + "'");
  }

  /** A leaf and what it held: nothing for zeros. */
  record Kept(long leaf, Optional<ByteBuffer> content) {}

  /** A new empty log, which survives a crash on return. */
  static UndoLog create(Folder folder, String name, LogHeader header) throws IOException {
    Folder.Log file = folder.create(name);
    try {
      header.write(file);
      file.sync();
      folder.sync();
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
    return new UndoLog(name, file, header, new LeafMap(header.capacityBytes()), LogHeader.BYTES);
  }

  /** Opens a log that was finished. Without a whole index all frames are looked at. */
  static UndoLog openFinished(Folder folder, String name, LogHeader header) throws IOException {
    Folder.Log file = folder.open(name);
    try {
      Optional<Long> endBytes =
          header.isIn(name, file) ? LogIndex.beginsAt(file) : Optional.empty();
      if (endBytes.isEmpty()) {
        throw new DamagedUndoLogException(name, "it was finished once and is not any more");
      }
      LeafMap leaves = new LeafMap(header.capacityBytes());
      if (!LogIndex.load(file, leaves)) {
        long goodBytes = new LogScan(name, file, header).fill(leaves);
        if (goodBytes != endBytes.get()) {
          throw new DamagedUndoLogException(name, "the bytes at " + goodBytes + " are damaged");
        }
      }
      return new UndoLog(name, file, header, leaves, endBytes.get());
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  /** Opens a log that a crash may have torn, to go on with it. */
  static UndoLog openToAppend(Folder folder, String name, LogHeader header) throws IOException {
    Folder.Log file = folder.open(name);
    try {
      LogScan scan = new LogScan(name, file, header);
      if (!header.isIn(name, file)) {
        scan.checkTorn(0);
        file.close();
        return create(folder, name, header);
      }
      LeafMap leaves = new LeafMap(header.capacityBytes());
      long endBytes = scan.fill(leaves);
      file.truncate(endBytes);
      // The process may have been killed before anything of it was durable.
      file.sync();
      folder.sync();
      return new UndoLog(name, file, header, leaves, endBytes);
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  LeafMap leaves() {
    return leaves;
  }

  /**
   * Appends what is not there yet. Where two threads keep the same leaf, the one that comes first
   * counts: nobody had changed the leaf when it looked. A reader sees it at once; it survives a
   * crash when {@link #sync} has returned.
   */
  void append(List<Kept> kept) throws IOException {
    int size = 0;
    for (Kept one : kept) {
      size += 2 * Frame.SECTOR_BYTES + one.content().map(ByteBuffer::remaining).orElse(0);
    }
    ByteBuffer frames = ByteBuffer.allocate(size);
    for (Kept one : kept) {
      if (!leaves.has(one.leaf())) {
        put(one, frames);
      }
    }
    if (frames.flip().hasRemaining()) {
      append(frames);
    }
  }

  // A frame is in the file before the next one is begun, so what is durable has no gaps.
  private synchronized void append(ByteBuffer frames) throws IOException {
    flushes.check();
    if (endBytes + frames.remaining() > MAX_BYTES) {
      throw new IOException("'" + name + "' is full: make a restore point, then go on.");
    }
    file.write(endBytes, frames.duplicate());
    while (frames.hasRemaining()) {
      Frame frame = Frame.read(frames).orElseThrow();
      leaves.add(frame.leaf(), Math.toIntExact(endBytes / Frame.SECTOR_BYTES), frame.isZeros());
      endBytes += frame.sizeBytes();
      frames.position(frames.position() + (int) frame.sizeBytes());
    }
  }

  private void put(Kept kept, ByteBuffer out) {
    Frame frame =
        kept.content().isPresent()
            ? Frame.of(kept.leaf(), kept.content().get(), syncedBytes)
            : Frame.ofZeros(kept.leaf(), syncedBytes);
    int start = out.position();
    frame.put(out);
    kept.content().ifPresent(content -> out.put(content.duplicate()));
    while (out.position() < start + frame.sizeBytes()) {
      out.put((byte) 0);
    }
  }

  /** Makes everything appended so far survive a crash; several callers share one call. */
  void sync() throws IOException {
    long wanted = endBytes();
    synchronized (syncing) {
      flushes.check();
      if (syncedBytes >= wanted) {
        return;
      }
      long reached = endBytes();
      flushes.flush(file::sync);
      syncedBytes = reached;
    }
  }

  /** Adds the index. Nothing is appended afterwards. */
  synchronized void finish() throws IOException {
    flushes.check();
    LogIndex.write(file, leaves, endBytes);
    flushes.flush(file::sync);
  }

  private synchronized long endBytes() {
    return endBytes;
  }

  /**
   * What the leaf held, as many bytes as it has.
   *
   * @param isProven whether it has to be what its SHA-256 says, because it goes back to the disk
   */
  ByteBuffer read(long leaf, boolean isProven) throws IOException {
    long start = leaf * Geometry.LEAF_BYTES;
    int length = (int) Math.min(Geometry.LEAF_BYTES, header.capacityBytes() - start);
    if (leaves.isZeros(leaf)) {
      return ByteBuffer.allocate(length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(Frame.SECTOR_BYTES + length);
    long at = (long) leaves.sector(leaf) * Frame.SECTOR_BYTES;
    file.read(at, bytes);
    ByteBuffer content = bytes.flip().slice(Frame.SECTOR_BYTES, length);
    Frame frame = Frame.read(bytes).orElse(null);
    if (frame == null
        || frame.leaf() != leaf
        || !frame.holds(content)
        || (isProven && !frame.provenBy(content))) {
      throw new DamagedUndoLogException(name, "leaf " + leaf + " at " + at + " is damaged");
    }
    return content;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
