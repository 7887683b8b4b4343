package io.switchback.lab;

import io.switchback.delta.Flushes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a disk: a sparse data file in which every grain lies at its own place, and a map
 * with one bit per grain that this layer holds. What a layer does not hold shows through from its
 * parent; below the lowest layer lie zeros.
 *
 * <p>A bit reaches the map file only after its grain has reached the data file. Not safe for use by
 * several threads at once.
 */
final class Layer implements AutoCloseable {
  static final int GRAIN = 64 * 1024;

  private final String id;
  private final Path dataFile;
  private final Path mapFile;
  private final FileChannel data;
  private final FileChannel map;
  private final BitSet held;
  private @Nullable Layer parent;
  private int dirtyFrom = Integer.MAX_VALUE;
  private int dirtyTo = -1;
  private final Flushes flushes;

  Layer(
      String id,
      Path directory,
      @Nullable Layer parent,
      FileChannel data,
      FileChannel map,
      BitSet held) {
    this.id = id;
    this.dataFile = dataFile(directory, id);
    this.mapFile = mapFile(directory, id);
    this.parent = parent;
    this.data = data;
    this.map = map;
    this.held = held;
    this.flushes = Flushes.of(dataFile, mapFile);
  }

  static Path dataFile(Path directory, String id) {
    return directory.resolve(id + ".data");
  }

  static Path mapFile(Path directory, String id) {
    return directory.resolve(id + ".map");
  }

  static Layer create(Path directory, String id, @Nullable Layer parent) throws IOException {
    return new Layer(
        id,
        directory,
        parent,
        FileChannel.open(
            dataFile(directory, id),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE),
        FileChannel.open(
            mapFile(directory, id),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE),
        new BitSet());
  }

  static Layer open(Path directory, String id, @Nullable Layer parent) throws IOException {
    return new Layer(
        id,
        directory,
        parent,
        FileChannel.open(
            dataFile(directory, id), StandardOpenOption.READ, StandardOpenOption.WRITE),
        FileChannel.open(mapFile(directory, id), StandardOpenOption.READ, StandardOpenOption.WRITE),
        BitSet.valueOf(Files.readAllBytes(mapFile(directory, id))));
  }

  /** Opens a layer that nobody writes any more, for reading only, as another process may. */
  static Layer openFrozen(Path directory, String id, @Nullable Layer parent) throws IOException {
    FileChannel data = FileChannel.open(dataFile(directory, id), StandardOpenOption.READ);
    FileChannel map = FileChannel.open(mapFile(directory, id), StandardOpenOption.READ);
    ByteBuffer bits = ByteBuffer.allocate((int) map.size());
    while (bits.hasRemaining() && map.read(bits, bits.position()) >= 0) {}
    return new Layer(id, directory, parent, data, map, BitSet.valueOf(bits.flip()));
  }

  String id() {
    return id;
  }

  @Nullable Layer parent() {
    return parent;
  }

  void adopt(@Nullable Layer newParent) {
    parent = newParent;
  }

  boolean holds(int grain) {
    return held.get(grain);
  }

  long heldBytes() {
    return (long) held.cardinality() * GRAIN;
  }

  /** Takes the grains that this layer holds out of {@code grains}. */
  void removeHeld(BitSet grains) {
    grains.andNot(held);
  }

  /** The grains this layer holds, as a copy. */
  BitSet held() {
    return (BitSet) held.clone();
  }

  /** The nearest layer from this one downwards that holds the grain, or null for a hole. */
  @Nullable Layer owner(int grain) {
    for (Layer layer = this; layer != null; layer = layer.parent) {
      if (layer.held.get(grain)) {
        return layer;
      }
    }
    return null;
  }

  /** Reads what this layer and those below show; fills the whole buffer. */
  void readThrough(long offset, ByteBuffer target) throws IOException {
    long position = offset;
    while (target.hasRemaining()) {
      Layer owner = owner((int) (position / GRAIN));
      long end = position + target.remaining();
      long runEnd = (position / GRAIN + 1) * GRAIN;
      while (runEnd < end && owner((int) (runEnd / GRAIN)) == owner) {
        runEnd += GRAIN;
      }
      int length = (int) (Math.min(runEnd, end) - position);
      ByteBuffer part = target.slice(target.position(), length);
      if (owner == null) {
        zero(part);
      } else {
        owner.readOwn(position, part);
      }
      target.position(target.position() + length);
      position += length;
    }
  }

  private void readOwn(long offset, ByteBuffer target) throws IOException {
    long position = offset;
    while (target.hasRemaining()) {
      int n = data.read(target, position);
      if (n < 0) {
        throw new EOFException("Layer '%s' ends at %d.".formatted(dataFile, position));
      }
      position += n;
    }
  }

  private static void zero(ByteBuffer part) {
    while (part.remaining() >= Long.BYTES) {
      part.putLong(0);
    }
    while (part.hasRemaining()) {
      part.put((byte) 0);
    }
  }

  /**
   * Writes into grains that this layer will hold from now on; the caller has filled up grains it
   * covers in part.
   */
  void write(long offset, ByteBuffer bytes) throws IOException {
    int first = (int) (offset / GRAIN);
    int last = (int) ((offset + bytes.remaining() - 1) / GRAIN);
    long position = offset;
    while (bytes.hasRemaining()) {
      position += data.write(bytes, position);
    }
    if (held.nextClearBit(first) <= last) {
      held.set(first, last + 1);
      dirtyFrom = Math.min(dirtyFrom, first);
      dirtyTo = Math.max(dirtyTo, last);
    }
  }

  /** Brings the map file up to date, without forcing it to the device. */
  void writeMap() throws IOException {
    if (dirtyTo < 0) {
      return;
    }
    int fromByte = dirtyFrom / 8;
    byte[] bytes = held.get(fromByte * 8, (dirtyTo / 8 + 1) * 8).toByteArray();
    ByteBuffer part = ByteBuffer.wrap(bytes);
    long position = fromByte;
    while (part.hasRemaining()) {
      position += map.write(part, position);
    }
    dirtyFrom = Integer.MAX_VALUE;
    dirtyTo = -1;
  }

  /**
   * Forces data and map to the device. Once that failed, it fails until the site starts again: see
   * {@link Flushes}.
   */
  void force() throws IOException {
    flushes.flush(
        () -> {
          data.force(false);
          map.force(false);
        });
  }

  /**
   * Lets the device begin with what was written so far, so that the next {@link #force} finds
   * little left to wait for. One at a time is enough.
   */
  void beginWritingOut() {
    if (!flushes.isUnderWay()) {
      Thread.ofPlatform().daemon().name("lab-write-out").start(this::writeOut);
    }
  }

  void writeOut() {
    try {
      flushes.flushIfNobodyDoes(() -> data.force(false));
    } catch (ClosedChannelException _) {
      // Reverted, merged or deleted meanwhile: nobody needs these bytes.
      return;
    } catch (IOException _) {
      // The next force repeats it.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    data.close();
    map.close();
  }

  /** Closes and deletes the files; readers that have them open keep what they have. */
  void delete() throws IOException {
    close();
    Files.deleteIfExists(dataFile);
    Files.deleteIfExists(mapFile);
  }
}
