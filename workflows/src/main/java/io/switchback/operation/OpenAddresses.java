package io.switchback.operation;

import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.AskForOwners;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which addresses of a pair may open: those that nobody on production's network answers to, and
 * those that a person wants open all the same. What is open is not asked for again.
 */
final class OpenAddresses {
  private static final String STEP = "open";

  private final Ports ports;
  private final LoopPager pager;
  private final Set<String> free;
  private List<AddressOwner> owners = List.of();

  /**
   * @param free those that nobody had when it was asked, as the run before has left them
   */
  OpenAddresses(Ports ports, LoopPager pager, List<String> free) {
    this.ports = ports;
    this.pager = pager;
    this.free = new TreeSet<>(free);
  }

  /** The pair with those that may open; asks for each of which that is not known. */
  NetworkPair of(NetworkPair pair) {
    List<String> acknowledged = pair.acknowledged();
    free.retainAll(pair.addresses());
    List<String> unknown =
        pair.addresses().stream()
            .filter(address -> !free.contains(address) && !acknowledged.contains(address))
            .toList();
    if (unknown.isEmpty()) {
      owners = List.of();
      pager.ended(pair.words(), STEP);
    } else {
      ask(pair, unknown);
    }
    return pair.withOnly(
        pair.addresses().stream()
            .filter(address -> free.contains(address) || acknowledged.contains(address))
            .toList());
  }

  private void ask(NetworkPair pair, List<String> unknown) {
    owners =
        ports
            .ends(pair.productionSite(), "Who else has " + String.join(", ", unknown) + "?")
            .askForOwners(new AskForOwners(pair, unknown))
            .found();
    List<String> taken = owners.stream().map(AddressOwner::address).distinct().toList();
    unknown.stream().filter(address -> !taken.contains(address)).forEach(free::add);
    if (taken.isEmpty()) {
      pager.ended(pair.words(), STEP);
    } else {
      pager.tellOnce(
          pair.words(),
          STEP,
          Checks.ADDRESS_TAKEN + "/" + String.join(",", taken),
          TakenAddresses.sentence(owners));
    }
  }

  /** Nothing is open any more: whoever comes is asked for again. */
  void forget() {
    free.clear();
    owners = List.of();
  }

  /** Who has those that stay closed; empty when all are open. */
  List<AddressOwner> owners() {
    return owners;
  }

  /** Those that nobody had. */
  List<String> free() {
    return List.copyOf(free);
  }
}
