package io.switchback.appliance.lab;

import io.switchback.appliance.gateway.Endpoint;
import io.switchback.appliance.gateway.Gateway;
import io.switchback.appliance.gateway.GatewayCertificates;
import io.switchback.appliance.gateway.GatewayClientConfiguration;
import io.switchback.appliance.gateway.GatewayClientSettings;
import io.switchback.appliance.gateway.GatewaySettings;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateFiles;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.model.NetworkExtent;
import io.switchback.model.SiteAppliance;
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
 * The cloud gateway of a network lab, with Switchback's authority, the way through it of the tenant
 * {@code acme}, and that tenant's certificates for both ends of a tunnel.
 */
public final class LabGateway {
  public static final String TENANT = "acme";
  public static final int TUNNEL_PORT = 1194;
  private static final String NAME = "potsdam";
  private static final Duration ONE_DAY = Duration.ofDays(1);

  private final RunningLab lab;
  private final Path folder;
  private final CertificateAuthority authority;
  private final Gateway gateway;

  /** Starts it, in the lab's folder. */
  public LabGateway(RunningLab lab) {
    this.lab = lab;
    this.folder = lab.folder();
    this.authority = new CertificateAuthority(folder.resolve("ca"), InstantSource.system());
    this.gateway = new Gateway(folder.resolve("gateway"));
    authority.init("network lab");
    write(authority.issue(CertificateRole.GATEWAY, NAME, ONE_DAY).files(), "gateway-files");
    apply();
    lab.run("gateway", folder.resolve("gateway").toString());
    lab.in("gateway", listening(door().port()));
    show(issue(CertificateRole.TENANT));
    showAt("provider", issue(CertificateRole.TUNNEL_SERVER));
    showAt("tenant", issue(CertificateRole.TUNNEL_CLIENT));
  }

  private CertificateFiles issue(CertificateRole role) {
    return authority.issue(role, TENANT, ONE_DAY).files();
  }

  public CertificateAuthority authority() {
    return authority;
  }

  /** The same authority at another time. */
  public CertificateAuthority authorityAt(Instant then) {
    return new CertificateAuthority(folder.resolve("ca"), () -> then);
  }

  /** Where tenants dial it. */
  public Endpoint door() {
    return Endpoint.parse(lab.fact("gateway.address") + ":443");
  }

  /** Brings it what the authority has taken back. */
  public void apply() {
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
  public void show(CertificateFiles files) {
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
   * What an appliance shows inside the tunnel, from the next time on that its site's workers read
   * it.
   *
   * @param appliance {@code tenant} or {@code provider}
   */
  public void showAt(String appliance, CertificateFiles files) {
    write(files, "certificates/" + appliance);
  }

  /** The appliance as the description of its site has it. */
  public SiteAppliance appliance(String name) {
    return lab.appliance(name, folder.resolve("certificates").resolve(name), TENANT);
  }

  /** Production's network as the description of the sites has it: extended through this gateway. */
  public NetworkExtent extent() {
    return lab.extent("127.0.0.1:" + TUNNEL_PORT, TUNNEL_PORT, door().toString());
  }

  /**
   * Waits until it has written a line of who came.
   *
   * @param pattern as grep has them
   */
  public void awaitLog(String pattern) {
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
