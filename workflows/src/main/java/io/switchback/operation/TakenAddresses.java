package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.model.NetworkPair;
import io.switchback.model.Replica;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.AskForOwners;
import io.switchback.port.NetworkPairActivities.DescribeNetworkPair;
import io.switchback.port.NetworkPairActivities.LookAtNetworks;
import io.temporal.failure.ActivityFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Asks production's network who else answers to a replica's addresses: by ARP, from the appliance
 * there. It finds what neither registry nor hypervisor knows of.
 */
final class TakenAddresses {
  private final ReplicaOperation operation;
  private final Replica replica;
  private final Ports ports;

  TakenAddresses(ReplicaOperation operation, Replica replica) {
    this.operation = operation;
    this.replica = replica;
    this.ports = operation.ports();
  }

  /**
   * Who has them, in those of the replica's networks that are extended now; empty where nobody can
   * be asked, which a disaster makes normal.
   */
  List<AddressOwner> ask(List<String> addresses) {
    List<AddressOwner> found = new ArrayList<>();
    if (addresses.isEmpty()) {
      return found;
    }
    for (NetworkPair pair : extended()) {
      List<String> here = addresses.stream().filter(pair.extent()::contains).toList();
      if (pair.atProduction() != null && pair.fullSite() == null && !here.isEmpty()) {
        found.addAll(ask(pair, here));
      }
    }
    return found;
  }

  private List<NetworkPair> extended() {
    List<NetworkPair> pairs = new ArrayList<>();
    for (int number :
        ports
            .networkPairs("Which networks of " + replica.name() + " are extended already?")
            .lookAtNetworks(new LookAtNetworks(replica.id(), List.of()))
            .extended()) {
      NetworkPair pair =
          ports
              .networkPairs("Between which appliances is pair " + number + "?")
              .describeNetworkPair(new DescribeNetworkPair(number))
              .pair();
      if (pair != null) {
        pairs.add(pair);
      }
    }
    return pairs;
  }

  private List<AddressOwner> ask(NetworkPair pair, List<String> addresses) {
    try {
      return ports
          .ends(pair.productionSite(), "Who else has " + String.join(", ", addresses) + "?")
          .askForOwners(new AskForOwners(pair, addresses))
          .found();
    } catch (ActivityFailure silent) {
      Cancellation.rethrow(silent);
      operation.note(
          "network %s could not be asked who else has %s: %s"
              .formatted(
                  pair.words(), String.join(", ", addresses), Failures.toFault(silent).sentence()));
      return List.of();
    }
  }

  /** What a person has to know; empty when nobody has them. */
  static Optional<String> finding(List<AddressOwner> owners) {
    return owners.isEmpty() ? Optional.empty() : Optional.of(sentence(owners));
  }

  /** The same of some that are there. */
  static String sentence(List<AddressOwner> owners) {
    return owners.stream()
            .collect(
                Collectors.groupingBy(
                    AddressOwner::address,
                    TreeMap::new,
                    Collectors.mapping(
                        AddressOwner::mac,
                        Collectors.collectingAndThen(
                            Collectors.toList(),
                            macs -> macs.stream().distinct().sorted().toList()))))
            .entrySet()
            .stream()
            .map(
                entry ->
                    "A machine on production's network still answers to %s: %s"
                        .formatted(entry.getKey(), String.join(" and ", entry.getValue())))
            .collect(Collectors.joining(". "))
        + ". Shut it down or take it off the network; until then nothing gets through to the replica at that address. Or acknowledge, with your name and why: both then answer.";
  }
}
