package io.switchback.lab;

import io.switchback.model.Nic;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One virtual network card. The address is the VM's identity inside the network, not a socket of
 * this machine.
 */
public record NetworkCard(String network, boolean connected, @Nullable String address) {
  public NetworkCard {
    Objects.requireNonNull(network, "network");
  }

  /** The cards in the site's own shape, each with the first of its addresses. */
  static List<NetworkCard> of(List<Nic> nics) {
    return nics.stream()
        .map(
            nic ->
                new NetworkCard(
                    nic.network(),
                    nic.connected(),
                    nic.addresses().isEmpty() ? null : nic.addresses().getFirst()))
        .toList();
  }
}
