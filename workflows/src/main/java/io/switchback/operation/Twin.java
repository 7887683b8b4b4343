package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.VmActivities.VmStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Production and its replica at the same addresses: they would fight for every packet. */
public final class Twin {
  private Twin() {}

  /**
   * Why its twin stands in the way of a VM that is to start; empty when it does not, or cannot be
   * asked.
   *
   * @param twin empty when it cannot be asked
   */
  static Optional<String> stillServes(VmStatus starting, Optional<VmStatus> twin) {
    return twin.flatMap(running -> stillServes(starting.vm(), starting, running));
  }

  /**
   * The same for a VM of which it may not be known what it answers to.
   *
   * @param starting null when it cannot be asked; one that is isolated is in nobody's way
   */
  static Optional<String> stillServes(VmRef vm, @Nullable VmStatus starting, VmStatus twin) {
    if (!serves(twin) || (starting != null && starting.isolated())) {
      return Optional.empty();
    }
    List<String> its = starting == null ? List.of() : starting.addresses();
    return shared(its, twin.addresses())
        .map(
            addresses ->
                "%s still runs on a connected network and answers to %s, as %s would%s. Power it off or disconnect it, then retry; or acknowledge, with your name and why."
                    .formatted(
                        twin.vm(), addresses, vm, unknown(vm, its, twin.vm(), twin.addresses())));
  }

  /** Whether it answers to its addresses now. */
  public static boolean serves(VmStatus vm) {
    return vm.power() == PowerState.ON && vm.connected();
  }

  /**
   * The addresses that both answer to, in words; empty when they are known to have none in common.
   * Addresses that nobody knows may well be the same.
   */
  public static Optional<String> shared(List<String> one, List<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.of("addresses that are not known");
    }
    String shared = one.stream().filter(other::contains).sorted().collect(joining(", "));
    return shared.isEmpty() ? Optional.empty() : Optional.of(shared);
  }

  private static String unknown(
      VmRef vm, List<String> addresses, VmRef twin, List<String> addressesOfTwin) {
    String whose =
        Stream.of(
                addressesOfTwin.isEmpty() ? twin.toString() : "",
                addresses.isEmpty() ? vm.toString() : "")
            .filter(word -> !word.isEmpty())
            .collect(joining(" and "));
    return whose.isEmpty() ? "" : " for all that is known: nothing tells the addresses of " + whose;
  }
}
