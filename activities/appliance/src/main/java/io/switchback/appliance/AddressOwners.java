package io.switchback.appliance;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who answered on a network when it was asked for addresses.
 *
 * @param asked the addresses that were asked for
 * @param found who answered, several for one address included; empty when nobody did
 */
public record AddressOwners(List<String> asked, List<AddressOwner> found) {
  public AddressOwners {
    asked = List.copyOf(asked);
    found = List.copyOf(found);
  }

  /** Those that a tunnel may open: nobody answers to them, or a person has acknowledged it. */
  public List<String> toOpen(Set<String> acknowledged) {
    return asked.stream()
        .filter(address -> acknowledged.contains(address) || isFree(address))
        .toList();
  }

  /** Those that stay closed until a person acknowledges it or the other machine is gone. */
  public List<String> toKeepClosed(Set<String> acknowledged) {
    List<String> open = toOpen(acknowledged);
    return asked.stream().filter(address -> !open.contains(address)).toList();
  }

  /** What a person has to know, a sentence for each address that somebody has. */
  public List<String> sentences() {
    return found.stream()
        .collect(
            Collectors.groupingBy(
                AddressOwner::address,
                TreeMap::new,
                Collectors.mapping(AddressOwner::mac, Collectors.joining(" and "))))
        .entrySet()
        .stream()
        .map(
            entry ->
                "A machine on production's network still answers to %s: %s. Shut it down or take it off the network, or acknowledge it; until then nothing gets through to the replica at that address."
                    .formatted(entry.getKey(), entry.getValue()))
        .toList();
  }

  private boolean isFree(String address) {
    return found.stream().noneMatch(owner -> owner.address().equals(address));
  }
}
