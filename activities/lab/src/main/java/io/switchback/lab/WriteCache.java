package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk's volatile cache: extents that do not overlap, newest bytes win. It takes buffers over
 * instead of copying them. Not safe for use by several threads at once.
 */
final class WriteCache {

  /** Takes one extent out of the cache. */
  interface Drain {
    void accept(long offsetBytes, ByteBuffer bytes) throws IOException;
  }

  private final TreeMap<Long, ByteBuffer> extents = new TreeMap<>();
  private final List<Runnable> releases = new ArrayList<>();
  private long heldBytes;

  /** Notes what keeping a buffer costs, and what to do once no extent shows it any more. */
  void account(long memoryBytes, Runnable release) {
    heldBytes += memoryBytes;
    releases.add(release);
  }

  /** Takes the bytes over: the caller no longer writes them. */
  void put(long offset, ByteBuffer bytes) {
    long end = offset + bytes.remaining();
    Map.Entry<Long, ByteBuffer> before = extents.lowerEntry(offset);
    if (before != null && endOf(before) > offset) {
      keepTail(before, end);
      ByteBuffer head = before.getValue().slice(0, (int) (offset - before.getKey()));
      extents.put(before.getKey(), head);
    }
    Map.Entry<Long, ByteBuffer> inside = extents.ceilingEntry(offset);
    while (inside != null && inside.getKey() < end) {
      keepTail(inside, end);
      extents.remove(inside.getKey());
      inside = extents.ceilingEntry(offset);
    }
    extents.put(offset, bytes.slice());
  }

  private void keepTail(Map.Entry<Long, ByteBuffer> extent, long end) {
    if (endOf(extent) > end) {
      int cut = (int) (end - extent.getKey());
      extents.put(end, extent.getValue().slice(cut, extent.getValue().remaining() - cut));
    }
  }

  private static long endOf(Map.Entry<Long, ByteBuffer> extent) {
    return extent.getKey() + extent.getValue().remaining();
  }

  /** Lays the cached bytes over {@code target}, which shows the disk from {@code offset} on. */
  void overlay(long offset, ByteBuffer target) {
    long end = offset + target.remaining();
    Long from = extents.floorKey(offset);
    for (Map.Entry<Long, ByteBuffer> extent :
        extents.subMap(from == null ? offset : from, true, end, false).entrySet()) {
      long start = Math.max(offset, extent.getKey());
      long stop = Math.min(end, endOf(extent));
      if (start < stop) {
        int length = (int) (stop - start);
        target.put(
            target.position() + (int) (start - offset),
            extent.getValue(),
            (int) (start - extent.getKey()),
            length);
      }
    }
  }

  boolean touches(long offset, long length) {
    Map.Entry<Long, ByteBuffer> last = extents.lowerEntry(offset + length);
    return last != null && endOf(last) > offset;
  }

  /** Sets the bit of every grain that an extent touches. */
  void markGrains(BitSet grains) {
    for (Map.Entry<Long, ByteBuffer> extent : extents.entrySet()) {
      grains.set(
          (int) (extent.getKey() / Layer.GRAIN), (int) ((endOf(extent) - 1) / Layer.GRAIN) + 1);
    }
  }

  boolean isEmpty() {
    return extents.isEmpty();
  }

  long heldBytes() {
    return heldBytes;
  }

  /** Hands every extent over in the order of their places, then forgets them. */
  void drain(Drain target) throws IOException {
    for (Map.Entry<Long, ByteBuffer> extent : extents.entrySet()) {
      target.accept(extent.getKey(), extent.getValue().duplicate());
    }
    discard();
  }

  /** Forgets what was not written. */
  void discard() {
    extents.clear();
    heldBytes = 0;
    releases.forEach(Runnable::run);
    releases.clear();
  }
}
