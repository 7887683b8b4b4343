package io.switchback.appliance;

import io.switchback.model.Mistakes;
import java.util.HashSet;
import java.util.List;

/** What is wrong with the end of a tunnel, whichever end it is. */
final class EndMistakes {
  private EndMistakes() {}

  static Mistakes common(String card, List<String> addresses) {
    Mistakes mistakes =
        new Mistakes()
            .unless(
                card.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,14}"),
                "the network card must be named as its system names it")
            .unless(
                new HashSet<>(addresses).size() == addresses.size(), "an address is there twice");
    addresses.stream()
        .filter(address -> !Subnet.isAddress(address))
        .forEach(address -> mistakes.add("'%s' is no IPv4 address".formatted(address)));
    return mistakes;
  }
}
