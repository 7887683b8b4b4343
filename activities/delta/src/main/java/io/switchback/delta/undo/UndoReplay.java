package io.switchback.delta.undo;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSink;
import io.switchback.delta.Geometry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a disk held at the point of the oldest of some logs, as far as those know it: for each leaf
 * the oldest content counts. All of it is proven before it is used.
 */
final class UndoReplay {
  private static final int LEAVES = 16;

  private final List<UndoLog> logs;
  private final long capacityBytes;

  UndoReplay(List<UndoLog> logs, long capacityBytes) {
    this.logs = List.copyOf(logs);
    this.capacityBytes = capacityBytes;
  }

  private interface Chunk {
    void take(List<UndoLog.Kept> leaves) throws IOException;
  }

  /** Puts it back, without flushing. */
  void onto(DiskSink disk) throws IOException {
    each(leaves -> disk.write(new Batch(leaves.stream().map(this::piece).toList())));
  }

  private Batch.Piece piece(UndoLog.Kept kept) {
    long start = kept.leaf() * Geometry.LEAF_BYTES;
    if (kept.content().isPresent()) {
      return new Batch.Data(start, kept.content().get());
    }
    long end = Math.min(start + Geometry.LEAF_BYTES, capacityBytes);
    return new Batch.Zeros(ByteRange.between(start, end));
  }

  /** Makes one log of them all. */
  void onto(UndoLog merged) throws IOException {
    each(merged::append);
    merged.finish();
  }

  private void each(Chunk chunk) throws IOException {
    List<UndoLog.Kept> leaves = new ArrayList<>();
    long count = Math.ceilDiv(capacityBytes, Geometry.LEAF_BYTES);
    for (long leaf = 0; leaf < count; leaf++) {
      Optional<UndoLog> log = oldest(leaf);
      if (log.isPresent()) {
        Optional<ByteBuffer> content =
            log.get().leaves().isZeros(leaf)
                ? Optional.empty()
                : Optional.of(log.get().read(leaf, true));
        leaves.add(new UndoLog.Kept(leaf, content));
      }
      if (leaves.size() == LEAVES || (leaf == count - 1 && !leaves.isEmpty())) {
        chunk.take(leaves);
        leaves.clear();
      }
    }
  }

  private Optional<UndoLog> oldest(long leaf) {
    return logs.stream().filter(log -> log.leaves().has(leaf)).findFirst();
  }
}
