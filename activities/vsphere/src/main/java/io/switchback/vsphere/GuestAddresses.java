package io.switchback.vsphere;

import java.util.Locale;

/** Addresses that a guest tells of itself. */
final class GuestAddresses {
  private GuestAddresses() {}

  /** Whether it is made up for the link that the guest is on, and nobody else's business. */
  static boolean isOfTheLink(String address) {
    String text = address.toLowerCase(Locale.ROOT);
    return text.startsWith("169.254.") || text.startsWith("fe80:");
  }
}
