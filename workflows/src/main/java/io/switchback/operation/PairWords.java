package io.switchback.operation;

import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.NetworkPairActivities.PairView;
import org.jspecify.annotations.Nullable;

/** How a pair of networks is, for people. */
final class PairWords {
  private PairWords() {}

  static String of(PairView pair) {
    return "%s: recovery side %s; production side %s"
        .formatted(pair.words(), of(pair.recovery()), of(pair.production()));
  }

  static String of(@Nullable SideState side) {
    return side == null
        ? "not looked at yet"
        : side.detail().isEmpty()
            ? side.condition().name()
            : side.condition() + ", " + side.detail();
  }
}
