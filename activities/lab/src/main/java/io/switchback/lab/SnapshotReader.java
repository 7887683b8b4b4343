package io.switchback.lab;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one disk of a snapshot from its files, past the daemon. What is open stays readable when
 * the daemon merges or deletes layers meanwhile, as long as this snapshot itself is not removed.
 * For use by one thread at a time.
 */
public final class SnapshotReader implements AutoCloseable {
  private static final int TRIES = 10;

  private final List<Layer> chain;
  private final Layer top;
  private final long capacityBytes;
  private final String identity;

  private SnapshotReader(List<Layer> chain, Layer top, long capacityBytes, String identity) {
    this.chain = chain;
    this.top = top;
    this.capacityBytes = capacityBytes;
    this.identity = identity;
  }

  /**
   * @param vmId the VM's id, not its name
   * @param snapshot id or name
   * @throws LabException NO_SUCH_SNAPSHOT, NO_SUCH_DISK
   */
  public static SnapshotReader open(Path siteDirectory, String vmId, String disk, String snapshot)
      throws IOException {
    return open(siteDirectory.resolve("vms").resolve(vmId), disk, snapshot);
  }

  static SnapshotReader open(Path vm, String disk, String snapshot) throws IOException {
    NoSuchFileException gone = new NoSuchFileException(vm.toString());
    for (int i = 0; i < TRIES; i++) {
      try {
        return openOnce(vm, disk, snapshot);
      } catch (NoSuchFileException e) {
        gone = e; // A merge replaced a layer between the look and the open: look again.
      }
    }
    throw gone;
  }

  private static SnapshotReader openOnce(Path vm, String disk, String snapshot) throws IOException {
    VmState state = VmStore.readState(vm);
    SnapshotState found =
        state.snapshots().stream()
            .filter(one -> one.id().equals(snapshot) || one.name().equals(snapshot))
            .findFirst()
            .orElseThrow(
                () ->
                    new LabException(
                        LabFault.NO_SUCH_SNAPSHOT,
                        "VM '%s' has no snapshot '%s'."
                            .formatted(state.definition().name(), snapshot)));
    SnapshotState.Point point = found.disks().get(disk);
    if (point == null) {
      throw new LabException(
          LabFault.NO_SUCH_DISK, "Snapshot '%s' has no disk '%s'.".formatted(snapshot, disk));
    }
    // Ids of snapshots are never given twice; their names are.
    String identity = "disk '%s' of %s".formatted(disk, found.id());
    return openChain(VmStore.diskDirectory(vm, disk), state.disk(disk), point, identity);
  }

  private static SnapshotReader openChain(
      Path directory, DiskState disk, SnapshotState.Point point, String identity)
      throws IOException {
    Map<String, LayerState> byId = new HashMap<>();
    disk.layers().forEach(layer -> byId.put(layer.id(), layer));
    List<String> ids = new ArrayList<>();
    for (LayerState at = byId.get(point.layer());
        at != null;
        at = at.parent() == null ? null : byId.get(at.parent())) {
      ids.add(at.id());
    }
    List<Layer> chain = new ArrayList<>();
    try {
      Layer parent = null;
      for (String id : ids.reversed()) {
        parent = Layer.openFrozen(directory, id, parent);
        chain.add(parent);
      }
      if (parent == null) {
        throw new NoSuchFileException(directory.resolve(point.layer()).toString());
      }
      return new SnapshotReader(chain, parent, point.capacityBytes(), identity);
    } catch (IOException e) {
      closeAll(chain);
      throw e;
    }
  }

  /** The disk at its snapshot, whatever either is called: the same line, the same bytes. */
  String identity() {
    return identity;
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  /** Stretches that some layer holds bytes for; everything else reads as zeros. */
  public List<ByteRange> allocated() {
    BitSet all = new BitSet();
    for (Layer layer : chain) {
      all.or(layer.held());
    }
    return ChangeTracking.ranges(all);
  }

  /** Fills the whole buffer. */
  public void read(long offsetBytes, ByteBuffer target) throws IOException {
    if (offsetBytes < 0 || offsetBytes + target.remaining() > capacityBytes) {
      throw new IllegalArgumentException(
          "Bytes from %d on lie beyond the disk's %d bytes.".formatted(offsetBytes, capacityBytes));
    }
    top.readThrough(offsetBytes, target);
  }

  private static void closeAll(List<Layer> layers) throws IOException {
    IOException first = null;
    for (Layer layer : layers) {
      first = close(layer, first);
    }
    if (first != null) {
      throw first;
    }
  }

  private static @Nullable IOException close(Layer layer, @Nullable IOException earlier) {
    try {
      layer.close();
      return earlier;
    } catch (IOException e) {
      return earlier == null ? e : earlier;
    }
  }

  @Override
  public void close() throws IOException {
    closeAll(chain);
  }
}
