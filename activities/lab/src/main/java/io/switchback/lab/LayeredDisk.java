package io.switchback.lab;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk's bytes: its layers, its volatile cache and its change tracking. What the layers are is
 * decided and stored by {@link LabVm}, under whose lock every method here is called.
 */
final class LayeredDisk implements AutoCloseable {
  static final long CACHE_BYTES = 64L << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(Layer.GRAIN).asReadOnlyBuffer();
  private static final String TRACKING = "changes.cbt";

  private final Path directory;
  private final Map<String, Layer> layers = new HashMap<>();
  private final WriteCache cache = new WriteCache();
  private final ChangeTracking tracking;
  private final DiskRoom room;
  private Layer top;
  private LayerJournal journal;
  private DiskTagMap tagMap;
  private String lineage;
  private long capacityBytes;
  private @Nullable LayerMerge merge;

  private LayeredDisk(
      Path directory,
      Map<String, Layer> layers,
      Layer top,
      ChangeTracking tracking,
      Space space,
      DiskState state)
      throws IOException {
    this.directory = directory;
    this.layers.putAll(layers);
    this.top = top;
    this.journal = new LayerJournal(directory, top.id());
    this.tracking = tracking;
    this.room = new DiskRoom(space);
    this.capacityBytes = state.capacityBytes();
    this.lineage = state.lineage();
    this.tagMap = newTagMap();
    layers.values().forEach(layer -> room.count(layer.heldBytes()));
  }

  /** Makes an empty disk; what a kill left of one in the same place goes. */
  static LayeredDisk create(Path directory, DiskState state, Space space) throws IOException {
    Trees.delete(directory);
    Files.createDirectories(directory);
    Layer top = Layer.create(directory, state.top(), null);
    return new LayeredDisk(
        directory,
        Map.of(top.id(), top),
        top,
        ChangeTracking.create(directory.resolve(TRACKING), state.capacityBytes()),
        space,
        state);
  }

  /**
   * Opens the layers that {@code state} names and deletes files of layers that a kill left half
   * made.
   */
  static LayeredDisk open(Path directory, DiskState state, Space space) throws IOException {
    Map<String, Layer> layers = new HashMap<>();
    Set<String> files = new HashSet<>(Set.of(TRACKING));
    files.add(LayerJournal.file(directory, state.top()).getFileName().toString());
    files.addAll(DiskTagMap.FILES);
    for (LayerState layer : state.layers()) {
      Layer parent = layer.parent() == null ? null : layers.get(layer.parent());
      layers.put(layer.id(), Layer.open(directory, layer.id(), parent));
      files.add(Layer.dataFile(directory, layer.id()).getFileName().toString());
      files.add(Layer.mapFile(directory, layer.id()).getFileName().toString());
    }
    try (var present = Files.list(directory)) {
      for (Path file : present.toList()) {
        if (!files.contains(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
    return new LayeredDisk(
        directory,
        layers,
        Objects.requireNonNull(layers.get(state.top())),
        ChangeTracking.open(directory.resolve(TRACKING), state.capacityBytes()),
        space,
        state);
  }

  private DiskTagMap newTagMap() throws IOException {
    return new DiskTagMap(directory, capacityBytes, () -> lineage);
  }

  long capacityBytes() {
    return capacityBytes;
  }

  ChangeTracking tracking() {
    return tracking;
  }

  /** How far the transfer into the disk as it is came. */
  LayerJournal journal() {
    return journal;
  }

  /** The tags of what the disk holds, as far as any are stored. */
  DiskTagMap tagMap() {
    return tagMap;
  }

  /**
   * Lets a write pass, after which what others know of the disk's bytes is known to be so no more.
   *
   * @param attempt of a transfer that writes, or null
   * @throws LabException DISK_CHANGED when the attempt is over
   */
  void admit(@Nullable String attempt) throws IOException {
    journal.admit(attempt);
    tagMap.beforeWrite(attempt);
  }

  /** Reads the disk as it is, or as the layer of a snapshot shows it. */
  void read(@Nullable String frozenLayer, long offset, ByteBuffer target) throws IOException {
    if (frozenLayer == null) {
      check(new ByteRange(offset, target.remaining()));
      top.readThrough(offset, target.duplicate());
      cache.overlay(offset, target);
    } else {
      layer(frozenLayer).readThrough(offset, target);
    }
  }

  void check(ByteRange range) {
    check(range, capacityBytes);
  }

  static void check(ByteRange range, long capacityBytes) {
    if (range.endBytes() > capacityBytes) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "Bytes %d to %d lie beyond the disk's %d bytes."
              .formatted(range.offsetBytes(), range.endBytes(), capacityBytes));
    }
  }

  /** What the disk takes of its datastore, all layers together. */
  long takenBytes() {
    return room.takenBytes();
  }

  /** Takes room for everything that a batch will make the top layer hold. */
  void reserve(List<ByteRange> ranges, List<ByteRange> zeros) {
    BitSet needed = new BitSet();
    ranges.stream()
        .filter(range -> range.lengthBytes() > 0)
        .forEach(range -> needed.set(first(range), last(range) + 1));
    for (ByteRange range : zeros) {
      for (int grain = first(range); grain <= last(range); grain++) {
        if (!isHole(grain)) {
          needed.set(grain);
        }
      }
    }
    room.promise(needed, top);
  }

  private static int first(ByteRange range) {
    return (int) (range.offsetBytes() / Layer.GRAIN);
  }

  private static int last(ByteRange range) {
    return (int) ((range.endBytes() - 1) / Layer.GRAIN);
  }

  private boolean isHole(int grain) {
    return top.owner(grain) == null && !cache.touches((long) grain * Layer.GRAIN, Layer.GRAIN);
  }

  /** Takes the bytes into the volatile cache without copying them; room for them is reserved. */
  void stage(long offset, ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      tracking.mark(new ByteRange(offset, bytes.remaining()));
      cache.put(offset, bytes);
    }
  }

  /** Turns the stretch into zeros; whole grains that nothing holds stay holes. */
  void zero(ByteRange range) {
    long at = range.offsetBytes();
    while (at < range.endBytes()) {
      long end = Math.min((at / Layer.GRAIN + 1) * Layer.GRAIN, range.endBytes());
      int length = (int) (end - at);
      if (!isHole((int) (at / Layer.GRAIN))) {
        stage(at, ZEROS.slice(0, length));
        account(length, () -> {});
      }
      at = end;
    }
  }

  /** Notes what keeping staged bytes costs, and what to do when the cache has let go of them. */
  void account(long memoryBytes, Runnable release) {
    cache.account(memoryBytes, release);
  }

  void writeBackIfFull() throws IOException {
    if (cache.heldBytes() > CACHE_BYTES) {
      writeBack().beginWritingOut();
    }
  }

  void write(long offset, ByteBuffer bytes) throws IOException {
    admit(null);
    reserve(List.of(new ByteRange(offset, bytes.remaining())), List.of());
    stage(offset, bytes);
    account(bytes.remaining(), () -> {});
    writeBackIfFull();
  }

  /**
   * Moves the cache to the top layer's files and answers that layer, to be forced outside the lock.
   */
  Layer writeBack() throws IOException {
    tracking.writeMarks();
    if (!cache.isEmpty()) {
      cache.drain(this::writeTop);
      room.kept();
      top.writeMap();
    }
    return top;
  }

  private void writeTop(long offset, ByteBuffer bytes) throws IOException {
    long end = offset + bytes.remaining();
    int first = (int) (offset / Layer.GRAIN);
    int last = (int) ((end - 1) / Layer.GRAIN);
    if (offset % Layer.GRAIN != 0) {
      fillUp(first);
    }
    if (end % Layer.GRAIN != 0) {
      fillUp(last);
    }
    top.write(offset, bytes);
    if (merge != null && merge.child() == top) {
      merge.written(first, last);
    }
  }

  /**
   * A grain is held wholly or not at all, so what a write leaves of it comes up from below first.
   */
  private void fillUp(int grain) throws IOException {
    if (!top.holds(grain)) {
      ByteBuffer whole = ByteBuffer.allocate(Layer.GRAIN);
      top.readThrough((long) grain * Layer.GRAIN, whole);
      top.write((long) grain * Layer.GRAIN, whole.flip());
    }
  }

  /** Makes everything written so far durable. */
  void flush() throws IOException {
    Layer written = writeBack();
    tracking.force();
    written.force();
  }

  /** What a revert to the layer below the top would lose, in whole grains. */
  long unsavedBytes() {
    BitSet changed = top.held();
    cache.markGrains(changed);
    return (long) changed.cardinality() * Layer.GRAIN;
  }

  /** Grains that hold bytes, as the given layer shows them. */
  List<ByteRange> allocated(String layerId) {
    BitSet all = new BitSet();
    for (Layer layer = layer(layerId); layer != null; layer = layer.parent()) {
      all.or(layer.held());
    }
    return ChangeTracking.ranges(all);
  }

  /** Grains that hold bytes now, what waits in the cache included. */
  List<ByteRange> allocated() {
    BitSet all = new BitSet();
    for (Layer layer = top; layer != null; layer = layer.parent()) {
      all.or(layer.held());
    }
    cache.markGrains(all);
    return ChangeTracking.ranges(all);
  }

  private Layer layer(String id) {
    Layer layer = layers.get(id);
    if (layer == null) {
      throw new LabException(LabFault.NO_SUCH_SNAPSHOT, "Layer '%s' is gone.".formatted(id));
    }
    return layer;
  }

  /** Makes the files of a new layer; it is not yet the top. */
  Layer prepare(String id, @Nullable String parent) throws IOException {
    Layer layer = Layer.create(directory, id, parent == null ? null : layer(parent));
    layers.put(id, layer);
    return layer;
  }

  /**
   * Puts an empty layer in the top's place and throws the old top and the cache away.
   *
   * @param state that says so
   */
  void replaceTop(Layer layer, DiskState state) throws IOException {
    String old = top.id();
    lineage = state.lineage();
    cache.discard();
    room.breakPromises(top);
    becomeTop(layer);
    merge = null;
    drop(old);
  }

  /** Lets guests and transfers write {@code layer} from now on. */
  void becomeTop(Layer layer) {
    top = layer;
    journal.end();
    journal = new LayerJournal(directory, layer.id());
  }

  void drop(String layerId) throws IOException {
    Layer layer = layer(layerId);
    layers.remove(layerId);
    layer.delete();
    room.give(layer.heldBytes());
  }

  /** Closes the disk and deletes all its files. */
  void delete() throws IOException {
    close();
    Trees.delete(directory);
    leave();
  }

  /** Counts the disk out of its datastore. */
  void leave() {
    room.give(room.takenBytes());
  }

  void resize(DiskState state) throws IOException {
    capacityBytes = state.capacityBytes();
    lineage = state.lineage();
    tagMap.close();
    tagMap = newTagMap();
    tracking.reset(capacityBytes);
  }

  /**
   * Begins to copy the grains of {@code child} into its parent; views of the child stay what they
   * are all the while.
   */
  void beginMerge(String child) {
    Layer layer = layer(child);
    merge = new LayerMerge(Objects.requireNonNull(layer.parent()), layer);
  }

  /**
   * Copies at most {@code grains} more.
   *
   * @return whether every grain of the child is in the parent now
   */
  boolean continueMerge(int grains) throws IOException {
    return Objects.requireNonNull(merge).goOn(grains, room);
  }

  /** Whether the merge of {@code child} still goes on; a revert that drops the child ends it. */
  boolean isMerging(String child) {
    return merge != null && merge.child().id().equals(child);
  }

  Layer mergeTarget() {
    return Objects.requireNonNull(merge).parent();
  }

  /** Puts the parent in the child's place, after the state that says so is stored. */
  void finishMerge() throws IOException {
    LayerMerge done = Objects.requireNonNull(merge);
    merge = null;
    for (Layer layer : layers.values()) {
      if (layer.parent() == done.child()) {
        layer.adopt(done.parent());
      }
    }
    if (top == done.child()) {
      becomeTop(done.parent());
      room.releaseHeld(top);
    }
    drop(done.child().id());
  }

  @Override
  public void close() throws IOException {
    for (Layer layer : layers.values()) {
      layer.close();
    }
    tracking.close();
    journal.close();
    tagMap.close();
  }
}
