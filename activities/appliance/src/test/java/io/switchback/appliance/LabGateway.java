package io.switchback.appliance;

import io.switchback.appliance.gateway.Endpoint;
import io.switchback.appliance.gateway.Gateway;
import io.switchback.appliance.gateway.GatewayCertificates;
import io.switchback.appliance.gateway.GatewayClientConfiguration;
import io.switchback.appliance.gateway.GatewayClientSettings;
import io.switchback.appliance.gateway.GatewaySettings;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateFiles;
import io.switchback.delta.trust.CertificateRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The cloud gateway of the network lab, with Switchback's authority, and the way through it of the
 * tenant {@code acme}: HAProxy at both ends.
 */
final class LabGateway {
  static final String TENANT = "acme";
  static final int TUNNEL_PORT = 1194;
  private static final String NAME = "potsdam";
  private static final Duration ONE_DAY = Duration.ofDays(1);

  private final NetworkLab lab;
  private final Path folder;
  private final CertificateAuthority authority;
  private final Gateway gateway;

  LabGateway(NetworkLab lab) {
    this.lab = lab;
    this.folder = Path.of(lab.fact("directory"));
    this.authority = new CertificateAuthority(folder.resolve("ca"), InstantSource.system());
    this.gateway = new Gateway(folder.resolve("gateway"));
    authority.init("network lab");
    write(authority.issue(CertificateRole.GATEWAY, NAME, ONE_DAY).files(), "gateway-files");
    apply();
    lab.run("gateway", folder.resolve("gateway").toString());
    lab.in("gateway", listening(door().port()));
    show(authority.issue(CertificateRole.TENANT, TENANT, ONE_DAY).files());
  }

  CertificateAuthority authority() {
    return authority;
  }

  /** The same authority at another time. */
  CertificateAuthority authorityAt(Instant then) {
    return new CertificateAuthority(folder.resolve("ca"), () -> then);
  }

  /** Where tenants dial it. */
  Endpoint door() {
    return Endpoint.parse(lab.fact("gateway.address") + ":443");
  }

  /** Brings it what the authority has taken back. */
  void apply() {
    try {
      Files.writeString(folder.resolve("gateway-files/crl.pem"), authority.revocationList());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    gateway.apply(
        new GatewaySettings(
            door(),
            new TreeMap<>(
                Map.of(
                    TENANT,
                    Endpoint.parse("%s:%d".formatted(lab.fact("provider.address"), TUNNEL_PORT)))),
            GatewaySettings.USUAL_CONNECTIONS,
            Optional.of("haproxy")),
        GatewayCertificates.read(folder.resolve("gateway-files"), Instant.now()));
  }

  /** What the tenant's appliance shows to the gateway from now on. */
  void show(CertificateFiles files) {
    Path tenant = folder.resolve("tenant");
    write(files, "tenant");
    try {
      Files.writeString(
          tenant.resolve("gateway.cfg"),
          GatewayClientConfiguration.text(
              new GatewayClientSettings(
                  NAME,
                  door().address().getHostAddress(),
                  door().port(),
                  Endpoint.parse("127.0.0.1:" + TUNNEL_PORT)),
              tenant));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    lab.run("way", tenant.resolve("gateway.cfg").toString());
    lab.in("tenant", listening(TUNNEL_PORT));
  }

  /**
   * Waits until it has written a line of who came.
   *
   * @param pattern as grep has them
   */
  void awaitLog(String pattern) {
    lab.in(
        "gateway",
        "until grep -q '%s' '%s'; do sleep 0.05; done".formatted(pattern, lab.fact("gateway.log")));
  }

  private static String listening(int port) {
    return "until ss -ltnH sport = :%d | grep -q .; do sleep 0.02; done".formatted(port);
  }

  private void write(CertificateFiles files, String name) {
    try {
      files.write(folder.resolve(name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
