package io.switchback.appliance.gateway;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Where something listens: an address and a port, written {@code 10.9.0.5:1194} or {@code
 * [2001:db8::5]:1194}. No names: a disaster is when they resolve to nothing.
 */
public record Endpoint(InetAddress address, int port) {
  private static final int LAST_PORT = 65_535;

  public Endpoint {
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(port + " is no port");
    }
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException in a sentence, if it is none
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String host = text.substring(0, colon);
      boolean isBracketed = host.startsWith("[") && host.endsWith("]");
      try {
        InetAddress address =
            InetAddress.ofLiteral(isBracketed ? host.substring(1, host.length() - 1) : host);
        if (isBracketed == address instanceof Inet6Address) {
          return new Endpoint(address, Integer.parseInt(text.substring(colon + 1)));
        }
      } catch (IllegalArgumentException none) {
        // Falls through to the sentence.
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no address with a port; write it as 10.9.0.5:1194 or [2001:db8::5]:1194, without names"
            .formatted(text));
  }

  @Override
  public String toString() {
    String literal = address.getHostAddress();
    return (address instanceof Inet6Address ? "[" + literal + "]" : literal) + ":" + port;
  }
}
