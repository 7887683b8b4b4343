package io.switchback.delta;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A small disk in memory that keeps every promise and can do what real ones cannot be made to do in
 * a test: crash, be full, be damaged. Mutants are made of it.
 */
final class MemoryDisk {
  private final byte[] bytes;
  private byte[] flushed;
  private boolean fenced;
  private boolean full;
  private boolean failing;
  private boolean keepsTags;

  MemoryDisk(byte[] content) {
    this.bytes = content.clone();
    this.flushed = content.clone();
  }

  /** The same, whose sinks keep the tags of what is there. */
  MemoryDisk keepingTags() {
    keepsTags = true;
    return this;
  }

  synchronized void write(long offsetBytes, ByteBuffer from) {
    from.duplicate().get(bytes, (int) offsetBytes, from.remaining());
  }

  synchronized byte[] bytes() {
    return bytes.clone();
  }

  synchronized void crash() {
    System.arraycopy(flushed, 0, bytes, 0, bytes.length);
  }

  synchronized void raiseFence() {
    fenced = true;
  }

  synchronized void fillUp() {
    full = true;
  }

  synchronized void failOneFlush() {
    failing = true;
  }

  synchronized void damage(long offsetBytes) {
    bytes[(int) offsetBytes] ^= 1;
  }

  /** The disk as it stands now. */
  Source source() {
    return new Source(bytes());
  }

  /** The disk for its first holder. */
  Sink sink() {
    return new Sink();
  }

  /** One moment of the disk. Open to mutants. */
  static class Source implements DiskSource {
    final byte[] moment;
    private final DiskTags tags = new DiskTags(this);

    Source(byte[] moment) {
      this.moment = moment;
    }

    @Override
    public long capacityBytes() {
      return moment.length;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      check(offsetBytes, into.remaining());
      into.put(moment, (int) offsetBytes, into.remaining());
    }

    @Override
    public List<ByteRange> allocated(ByteRange within) throws IOException {
      check(within.offsetBytes(), within.lengthBytes());
      List<ByteRange> found = new ArrayList<>();
      for (long at = within.offsetBytes(); at < within.endBytes(); ) {
        long leafEnd = (at / Geometry.LEAF_BYTES + 1) * Geometry.LEAF_BYTES;
        ByteRange part = ByteRange.between(at, Math.min(leafEnd, within.endBytes()));
        at = part.endBytes();
        byte[] leaf = Arrays.copyOfRange(moment, (int) part.offsetBytes(), (int) part.endBytes());
        if (Tagger.isZero(leaf, 0, leaf.length)) {
          continue;
        }
        boolean touches = !found.isEmpty() && found.getLast().endBytes() == part.offsetBytes();
        found.add(
            touches ? ByteRange.between(found.removeLast().offsetBytes(), part.endBytes()) : part);
      }
      return found;
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return tags.tags(key, level, ranges);
    }

    @Override
    public long taggedBytes() {
      return tags.readBytes();
    }

    final void check(long offsetBytes, long lengthBytes) {
      if (offsetBytes < 0 || offsetBytes + lengthBytes > moment.length) {
        throw new IllegalArgumentException("beyond the end");
      }
    }

    @Override
    public void close() throws IOException {}
  }

  /** A holder of the disk. Open to mutants. */
  class Sink implements DiskSink {
    private final MemoryTags tags = new MemoryTags();

    @Override
    public long capacityBytes() {
      return bytes.length;
    }

    @Override
    public void write(Batch batch) throws IOException {
      synchronized (MemoryDisk.this) {
        batch.checkInside(capacityBytes());
        checkFence();
        checkSpace();
        tags.beforeWrite();
        batch.pieces().forEach(this::apply);
      }
    }

    void apply(Batch.Piece piece) {
      switch (piece) {
        case Batch.Data data -> MemoryDisk.this.write(data.offsetBytes(), data.bytes());
        case Batch.Zeros zeros -> zero(zeros.range());
      }
    }

    void zero(ByteRange range) {
      Arrays.fill(bytes, (int) range.offsetBytes(), (int) range.endBytes(), (byte) 0);
    }

    void checkFence() throws FencedException {
      if (fenced) {
        throw new FencedException("a newer holder is known.");
      }
    }

    void checkSpace() throws DiskFullException {
      if (full) {
        throw new DiskFullException("full");
      }
    }

    @Override
    public void flush() throws IOException {
      synchronized (MemoryDisk.this) {
        checkFence();
        if (failing) {
          throw new IOException("what was written may be lost");
        }
        flushed = bytes.clone();
      }
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      // Not a copy, but the disk itself: tests with many supers ask often.
      return DiskTags.of(new Source(bytes), key, level, ranges);
    }

    @Override
    public Optional<StoredTags> storedTags() {
      return keepsTags ? Optional.of(tags) : Optional.empty();
    }

    @Override
    public void close() throws IOException {}
  }
}
