package io.switchback.appliance;

/**
 * A machine that answers to an address on a network.
 *
 * @param mac of the card that answered, such as {@code 00:50:56:12:34:56}
 */
public record AddressOwner(String address, String mac) {}
