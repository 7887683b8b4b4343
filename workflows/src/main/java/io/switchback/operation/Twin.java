package io.switchback.operation;

import io.switchback.model.PowerState;
import io.switchback.port.VmActivities.VmStatus;
import java.util.List;
import java.util.Optional;

/** Production and its replica at the same addresses: they would fight for every packet. */
final class Twin {
  private Twin() {}

  /**
   * Why its twin stands in the way of a VM that is to start; empty when it does not, or cannot be
   * asked.
   *
   * @param twin empty when it cannot be asked
   */
  static Optional<String> stillServes(VmStatus starting, Optional<VmStatus> twin) {
    if (twin.isEmpty() || twin.get().power() != PowerState.ON || !twin.get().connected()) {
      return Optional.empty();
    }
    List<String> shared =
        starting.addresses().stream().filter(twin.get().addresses()::contains).toList();
    return shared.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s still runs on a connected network and answers to %s, as %s would. Power it off or disconnect it, then retry; or acknowledge, with your name and why."
                .formatted(twin.get().vm(), String.join(", ", shared), starting.vm()));
  }
}
