package io.switchback.delta.undo;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.Geometry;
import io.switchback.delta.StoredTags;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.state.JournalFile;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps what a batch changes, durably, before the disk is written. */
final class UndoSink implements DiskSink {
  private static final int CHUNK_LEAVES = 16;

  private final RestorePoints points;
  private final DiskSink image;
  private final DiskSource readBack;
  private final Optional<JournalFile> journal;
  private final StoredTags storedTags;

  UndoSink(
      RestorePoints points, DiskSink image, DiskSource readBack, Optional<JournalFile> journal) {
    this.points = points;
    this.storedTags = points.storedTags().holder();
    this.image = image;
    this.readBack = readBack;
    this.journal = journal;
  }

  @Override
  public long capacityBytes() {
    return image.capacityBytes();
  }

  @Override
  public void write(Batch batch) throws IOException {
    batch.checkInside(capacityBytes());
    change(batch, () -> image.write(batch));
  }

  /** Keeps what is there first, as for a write: whoever calls may be wrong about the zeros. */
  @Override
  public void giveBack(ByteRange zeros) throws IOException {
    if (!readBack.allocated(zeros).isEmpty()) {
      change(new Batch(List.of(new Batch.Zeros(zeros))), () -> image.giveBack(zeros));
    }
  }

  private interface Change {
    void make() throws IOException;
  }

  private void change(Batch batch, Change change) throws IOException {
    points.lock().readLock().lock();
    try {
      points.checkUsable();
      if (journal.isEmpty()) {
        points.forgetTransfer();
      }
      UndoLog log = points.chain().openOrCreate(points.folder());
      if (log != null) {
        for (Batch.Piece piece : batch.pieces()) {
          keep(piece, log);
        }
        log.sync();
      }
      points.storedTags().beforeWrite(storedTags);
      change.make();
    } finally {
      points.lock().readLock().unlock();
    }
  }

  private void keep(Batch.Piece piece, UndoLog log) throws IOException {
    long end = Math.ceilDiv(piece.range().endBytes(), Geometry.LEAF_BYTES);
    long leaf = piece.range().offsetBytes() / Geometry.LEAF_BYTES;
    List<UndoLog.Kept> chunk = new ArrayList<>();
    for (; leaf < end; leaf++) {
      if (!log.leaves().has(leaf)) {
        Optional<ByteBuffer> content = content(leaf(leaf));
        // Zeros over zeros change nothing, and a sparse disk has many.
        if (content.isPresent() || !isWholeZeros(piece, leaf(leaf))) {
          chunk.add(new UndoLog.Kept(leaf, content));
        }
      }
      if (chunk.size() == CHUNK_LEAVES || leaf == end - 1) {
        log.append(chunk);
        chunk.clear();
      }
    }
  }

  private ByteRange leaf(long index) {
    long start = index * Geometry.LEAF_BYTES;
    return ByteRange.between(start, Math.min(start + Geometry.LEAF_BYTES, capacityBytes()));
  }

  private static boolean isWholeZeros(Batch.Piece piece, ByteRange leaf) {
    return piece instanceof Batch.Zeros zeros
        && zeros.range().intersection(leaf).equals(Optional.of(leaf));
  }

  private Optional<ByteBuffer> content(ByteRange leaf) throws IOException {
    if (readBack.allocated(leaf).isEmpty()) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) leaf.lengthBytes());
    readBack.read(leaf.offsetBytes(), bytes);
    bytes.flip();
    boolean isZero = bytes.mismatch(ByteBuffer.allocate(bytes.remaining())) < 0;
    return isZero ? Optional.empty() : Optional.of(bytes);
  }

  @Override
  public void flush() throws IOException {
    points.flush();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return image.tags(key, level, ranges);
  }

  @Override
  public Optional<DiskSource> near() {
    return image.near();
  }

  @Override
  public Optional<TransferJournal> journal() {
    return journal.map(one -> one);
  }

  @Override
  public Optional<StoredTags> storedTags() {
    return Optional.of(storedTags);
  }

  @Override
  public void close() throws IOException {
    points.storedTags().leave(storedTags);
    if (journal.isPresent()) {
      journal.get().close();
    }
    // The disk belongs to the restore points, which may have more to do with it.
  }
}
