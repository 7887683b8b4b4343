package io.switchback.appliance.gateway;

import io.switchback.delta.trust.CertificateRole;
import java.util.regex.Pattern;

/**
 * How a tenant's appliance at production gets through the cloud gateway.
 *
 * @param gateway its name, which its certificate has to bear
 * @param host where it is dialled: a name or an address
 * @param port of it
 * @param listen where the tunnel's client on the same machine connects, which is a loopback address
 */
public record GatewayClientSettings(String gateway, String host, int port, Endpoint listen) {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");

  /**
   * @throws IllegalArgumentException in a sentence
   * @throws io.switchback.delta.trust.TrustException if no gateway can be called so
   */
  public GatewayClientSettings {
    CertificateRole.GATEWAY.required(gateway);
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("'%s' is no name or IPv4 address".formatted(host));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(port + " is no port");
    }
    if (!listen.address().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "%s is no loopback address; whoever reaches it is let through in the tenant's name"
              .formatted(listen));
    }
  }
}
