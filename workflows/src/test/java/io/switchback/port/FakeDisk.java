package io.switchback.port;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A disk of a {@link FakeSite}: bytes by offset, with change tracking. Guarded by the site. */
final class FakeDisk {
  private final String id;
  private final long capacityBytes;
  private NavigableMap<Long, Cell> cells = new TreeMap<>();
  private int trackingEpoch = 1;
  private long writes;

  FakeDisk(String id, long capacityBytes) {
    this.id = id;
    this.capacityBytes = capacityBytes;
  }

  /** A byte, and by which write it came. */
  record Cell(byte value, long write) {}

  /** A disk at one moment. */
  record Image(NavigableMap<Long, Cell> cells, String changeId) {
    /**
     * Bytes that were written after the moment that {@code since} names; empty if it is unknown.
     */
    Optional<NavigableMap<Long, Byte>> changedSince(String since) {
      int cut = since.lastIndexOf('.');
      if (cut < 0 || !changeId.startsWith(since.substring(0, cut + 1))) {
        return Optional.empty();
      }
      long write = Long.parseLong(since.substring(cut + 1));
      NavigableMap<Long, Byte> changed = new TreeMap<>();
      cells.forEach(
          (offset, cell) -> {
            if (cell.write() > write) {
              changed.put(offset, cell.value());
            }
          });
      return Optional.of(changed);
    }

    /** Every byte that was ever written. */
    NavigableMap<Long, Byte> allocated() {
      NavigableMap<Long, Byte> all = new TreeMap<>();
      cells.forEach((offset, cell) -> all.put(offset, cell.value()));
      return all;
    }
  }

  long writtenBytes() {
    return cells.size();
  }

  String id() {
    return id;
  }

  /** The same disk, larger. */
  FakeDisk grown(long toBytes) {
    FakeDisk larger = new FakeDisk(id, toBytes);
    larger.cells = cells;
    larger.trackingEpoch = trackingEpoch;
    larger.writes = writes;
    return larger;
  }

  long capacityBytes() {
    return capacityBytes;
  }

  void write(long offsetBytes, byte[] bytes) {
    writes++;
    for (int i = 0; i < bytes.length; i++) {
      cells.put(offsetBytes + i, new Cell(bytes[i], writes));
    }
  }

  void write(Map<Long, Byte> bytes) {
    writes++;
    bytes.forEach((offset, value) -> cells.put(offset, new Cell(value, writes)));
  }

  byte[] read(long offsetBytes, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      Cell cell = cells.get(offsetBytes + i);
      bytes[i] = cell == null ? 0 : cell.value();
    }
    return bytes;
  }

  Image image() {
    return new Image(new TreeMap<>(cells), id + "." + trackingEpoch + "." + writes);
  }

  /** Puts the bytes back; as with any hypervisor, change tracking begins anew. */
  void revertTo(Image image) {
    cells = new TreeMap<>(image.cells());
    trackingEpoch++;
  }

  void resetChangeTracking() {
    trackingEpoch++;
  }

  /** The bytes cut in two, so that a transfer has a moment between its batches. */
  static List<NavigableMap<Long, Byte>> batches(NavigableMap<Long, Byte> bytes) {
    if (bytes.size() < 2) {
      return List.of(bytes);
    }
    @Nullable Long middle = new ArrayList<>(bytes.keySet()).get(bytes.size() / 2);
    return List.of(bytes.headMap(middle, false), bytes.tailMap(middle, true));
  }
}
