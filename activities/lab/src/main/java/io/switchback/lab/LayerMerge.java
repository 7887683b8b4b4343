package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** A layer whose grains are copied into its parent, some at a time. */
final class LayerMerge {
  private final Layer parent;
  private final Layer child;

  /** The grains of the child that its parent has already got. */
  private final BitSet copied = new BitSet();

  LayerMerge(Layer parent, Layer child) {
    this.parent = parent;
    this.child = child;
  }

  Layer parent() {
    return parent;
  }

  Layer child() {
    return child;
  }

  /** Grains of the child were written, so that its parent has not got them any more. */
  void written(int first, int last) {
    copied.clear(first, last + 1);
  }

  /**
   * Copies at most {@code grains} more.
   *
   * @return whether every grain of the child is in the parent now
   */
  boolean goOn(int grains, DiskRoom room) throws IOException {
    BitSet left = child.held();
    left.andNot(copied);
    ByteBuffer whole = ByteBuffer.allocate(Layer.GRAIN);
    int done = 0;
    for (int grain = left.nextSetBit(0);
        grain >= 0 && done < grains;
        grain = left.nextSetBit(grain + 1)) {
      child.readThrough((long) grain * Layer.GRAIN, whole.clear());
      if (!parent.holds(grain)) {
        room.count(Layer.GRAIN);
      }
      parent.write((long) grain * Layer.GRAIN, whole.flip());
      copied.set(grain);
      done++;
    }
    parent.writeMap();
    return left.cardinality() == done;
  }
}
