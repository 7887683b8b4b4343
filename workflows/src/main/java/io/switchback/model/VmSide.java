package io.switchback.model;

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

  /** The side of that name. */
  public static Optional<VmSide> named(String word) {
    for (VmSide side : values()) {
      if (side.word().equals(word)) {
        return Optional.of(side);
      }
    }
    return Optional.empty();
  }
}
