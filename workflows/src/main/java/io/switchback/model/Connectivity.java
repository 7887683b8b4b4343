package io.switchback.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What brings production's networks to a site that recovers them. */
public enum Connectivity {
  /** An appliance there and one at production, which Switchback starts and makes tunnels with. */
  APPLIANCE("an appliance"),
  /** The site's own NSX Edge gateway, which its provider looks after. */
  NSX_EDGE("its NSX Edge"),
  /** An IPsec VPN between the sites, which others look after. */
  IPSEC("an IPsec VPN");

  private final String words;

  Connectivity(String words) {
    this.words = words;
  }

  /** As sentences name it. */
  public String words() {
    return words;
  }

  /** As operators write it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What an operator has written; empty when there is nothing of that name. */
  public static Optional<Connectivity> of(String id) {
    return Arrays.stream(values()).filter(one -> one.id().equals(id)).findFirst();
  }
}
