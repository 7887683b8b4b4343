package io.switchback.operation;

import io.switchback.model.PowerState;
import io.switchback.port.VmActivities.VmStatus;
import java.util.List;
import java.util.Optional;

/** Production and its replica at the same addresses: they would fight for every packet. */
final class Twin {
  private Twin() {}

  /**
   * Why production stands in the replica's way; empty when it does not, or cannot be asked.
   *
   * @param production empty when it cannot be asked
   */
  static Optional<String> stillServes(VmStatus replica, Optional<VmStatus> production) {
    if (production.isEmpty()
        || production.get().power() != PowerState.ON
        || !production.get().connected()) {
      return Optional.empty();
    }
    List<String> shared =
        replica.addresses().stream().filter(production.get().addresses()::contains).toList();
    return shared.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s still runs on a connected network and answers to %s, as the replica would. Power it off or disconnect it, then retry; or acknowledge, with your name and why."
                .formatted(production.get().vm(), String.join(", ", shared)));
  }
}
