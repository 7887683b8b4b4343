package io.switchback.lab;

import java.util.BitSet;

/**
 * What a disk takes of its datastore: for the grains that its layers hold, and for those that its
 * cache will make the top layer hold.
 */
final class DiskRoom {
  private final Space space;
  private final BitSet promised = new BitSet();
  private long takenBytes;

  DiskRoom(Space space) {
    this.space = space;
  }

  long takenBytes() {
    return takenBytes;
  }

  /** Counts what is held, whether or not there was room for it. */
  void count(long bytes) {
    space.count(bytes);
    takenBytes += bytes;
  }

  void give(long bytes) {
    space.give(bytes);
    takenBytes -= bytes;
  }

  /**
   * Takes room for the grains that the top layer does not hold, once each.
   *
   * @param grains is changed: those for which room was taken stay in it
   * @throws LabException when the datastore has no such room; nothing is taken then
   */
  void promise(BitSet grains, Layer top) {
    grains.andNot(promised);
    top.removeHeld(grains);
    long bytes = bytes(grains);
    space.take(bytes);
    takenBytes += bytes;
    promised.or(grains);
  }

  /** The top layer holds all that was promised. */
  void kept() {
    promised.clear();
  }

  /** Gives back what was taken for grains that the top layer holds after all. */
  void releaseHeld(Layer top) {
    long before = bytes(promised);
    top.removeHeld(promised);
    give(before - bytes(promised));
  }

  /** What was promised and is not held will never be. */
  void breakPromises(Layer top) {
    top.removeHeld(promised);
    give(bytes(promised));
    promised.clear();
  }

  private static long bytes(BitSet grains) {
    return (long) grains.cardinality() * Layer.GRAIN;
  }
}
