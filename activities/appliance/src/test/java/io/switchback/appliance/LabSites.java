package io.switchback.appliance;

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
import java.time.InstantSource;

/** The network lab as an operator describes its sites, with a tenant's certificates. */
final class LabSites {
  private static final String TENANT = "acme";

  private final NetworkLab lab;
  private final Path folder;

  LabSites(NetworkLab lab, Path folder) {
    this.lab = lab;
    this.folder = folder;
    CertificateAuthority authority =
        new CertificateAuthority(folder.resolve("authority"), InstantSource.system());
    authority.init("network lab");
    keep(authority, "provider", CertificateRole.TUNNEL_SERVER);
    keep(authority, "tenant", CertificateRole.TUNNEL_CLIENT);
  }

  private void keep(CertificateAuthority authority, String owner, CertificateRole role) {
    CertificateFiles files = authority.issue(role, TENANT, Duration.ofDays(1)).files();
    try {
      Path made = Files.createDirectories(folder.resolve(owner));
      Files.writeString(made.resolve(role.file()), files.identity());
      Files.writeString(made.resolve("ca.pem"), files.authorities());
      Files.writeString(made.resolve("crl.pem"), files.revocationLists());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Straight to the provider's appliance, past the gateway. */
  NetworkExtent extent() {
    String straight = lab.fact("provider.address") + ":1194";
    return lab.running().extent(straight, 1194, straight);
  }

  SiteAppliance appliance(String name) {
    return lab.running().appliance(name, folder.resolve(name), TENANT);
  }

  SiteAppliance appliance(String name, String host) {
    SiteAppliance known = appliance(name);
    return new SiteAppliance(
        host,
        known.port(),
        known.user(),
        known.hostKey(),
        known.login(),
        known.withPassword(),
        known.certificates(),
        known.peer());
  }
}
