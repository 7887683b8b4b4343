package io.switchback.operation;

import io.switchback.lifecycle.ReplicaState;
import java.util.Locale;
import java.util.Optional;

/** One of the two VMs of a replica. */
public enum VmSide {
  /** The VM that is protected. */
  PRODUCTION,
  /** The VM that follows it. */
  RECOVERY;

  /** Its name in an input and in a sentence. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The side that {@code word} names; where it names none, production while the replica serves in
   * its place, else the replica.
   */
  public static VmSide meant(String word, ReplicaState state) {
    return named(word).orElse(Drifts.serves(state) ? PRODUCTION : RECOVERY);
  }

  static Optional<VmSide> named(String word) {
    for (VmSide side : values()) {
      if (side.word().equals(word)) {
        return Optional.of(side);
      }
    }
    return Optional.empty();
  }
}
