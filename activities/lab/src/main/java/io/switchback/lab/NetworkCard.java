package io.switchback.lab;

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
}
