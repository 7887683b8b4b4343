package io.switchback.model;

import java.util.List;

/**
 * A VM's network card.
 *
 * @param network by the site's own name
 * @param connected whether it is plugged in
 * @param addresses that the guest answers to on it; empty while they are not known
 */
public record Nic(String network, boolean connected, List<String> addresses) {
  public Nic {
    new Mistakes().required(network, "network").refuse("nic");
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
  }
}
