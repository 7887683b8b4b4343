package io.switchback.worker.local;

/** A host and a port, written {@code host:port}. */
public record HostPort(String host, int port) {
  private static final int LAST_PORT = 65_535;

  /**
   * Reads {@code host} or {@code host:port}.
   *
   * @throws Refusal if it is neither
   */
  public static HostPort parse(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    try {
      int port = colon < 0 ? defaultPort : Integer.parseInt(text.substring(colon + 1));
      if (!host.isBlank() && host.equals(host.strip()) && port > 0 && port <= LAST_PORT) {
        return new HostPort(host, port);
      }
    } catch (NumberFormatException noNumber) {
      // Falls through to the refusal.
    }
    throw Refusal.usage(
        "'%s' is not an address. Write it as host:port, for example 127.0.0.1:%d."
            .formatted(text, defaultPort));
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
