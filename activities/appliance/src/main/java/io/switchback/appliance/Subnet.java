package io.switchback.appliance;

import java.util.regex.Pattern;

/** IPv4 addresses and subnets in their usual text, {@code 192.168.10.0/24}. */
record Subnet(int base, int prefix) {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

  static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  /**
   * @throws IllegalArgumentException when it is none, or has bits beyond its prefix
   */
  static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash > 0
        && isAddress(text.substring(0, slash))
        && text.matches(".*/(?:[12]?\\d|3[0-2])")) {
      int prefix = Integer.parseInt(text.substring(slash + 1));
      int base = bits(text.substring(0, slash));
      if ((base & ~mask(prefix)) == 0) {
        return new Subnet(base, prefix);
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no IPv4 network such as 192.168.10.0/24".formatted(text));
  }

  boolean contains(String address) {
    return (bits(address) & mask(prefix)) == base;
  }

  private static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << (32 - prefix);
  }

  private static int bits(String address) {
    int bits = 0;
    for (String part : address.split("\\.", -1)) {
      bits = bits << 8 | Integer.parseInt(part);
    }
    return bits;
  }
}
