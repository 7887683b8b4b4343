package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.lab.LabGateway;
import io.switchback.delta.trust.CertificateFiles;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.model.CredentialReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A tunnel between the two appliances of the network lab, through its gateway. */
final class LabTunnel {
  static final Duration ONE_DAY = Duration.ofDays(1);

  private final NetworkLab lab;
  private final Tunnel tunnel;
  private final Ssh ssh = new Ssh(SshSettings.standard(), LabTunnel::read);
  private final ApplianceTunnels tunnels = new ApplianceTunnels(ssh);
  private final AtomicLong revision = new AtomicLong(1);
  private Optional<TunnelPath> path = Optional.empty();
  private TunnelIdentity recovery;
  private TunnelIdentity production;

  LabTunnel(NetworkLab lab, Tunnel tunnel) {
    this.lab = lab;
    this.tunnel = tunnel;
    this.recovery = identity(CertificateRole.TUNNEL_SERVER);
    this.production = identity(CertificateRole.TUNNEL_CLIENT);
  }

  static String read(String owner, CredentialReference reference) {
    try {
      return Files.readString(Path.of(reference.target())).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private TunnelIdentity identity(CertificateRole role) {
    return identity(lab.gateway().authority().issue(role, LabGateway.TENANT, ONE_DAY).files());
  }

  private static TunnelIdentity identity(CertificateFiles files) {
    return new TunnelIdentity(
        files.identity(), files.authorities(), files.revocationLists(), LabGateway.TENANT);
  }

  TunnelIdentity tenantIdentity() {
    return production;
  }

  /** The tenant's, had it been issued at that time for a day. */
  TunnelIdentity identityOf(Instant issued) {
    return identity(
        lab.gateway()
            .authorityAt(issued)
            .issue(CertificateRole.TUNNEL_CLIENT, LabGateway.TENANT, ONE_DAY)
            .files());
  }

  void setPath(TunnelPath known) {
    path = Optional.of(known);
  }

  void clearPath() {
    path = Optional.empty();
  }

  void showAtProduction(CertificateFiles files) {
    production = identity(files);
  }

  /** The provider's end hears what the authority has taken back. */
  void bringRevocations() {
    recovery =
        new TunnelIdentity(
            recovery.keyAndCertificate(),
            recovery.authorities(),
            lab.gateway().authority().revocationList(),
            recovery.peer());
  }

  ApplianceTunnels tunnels() {
    return tunnels;
  }

  Ssh ssh() {
    return ssh;
  }

  Appliance provider() {
    return lab.appliance("provider");
  }

  Appliance tenant() {
    return lab.appliance("tenant");
  }

  TunnelEnd.Recovery recoveryEnd(List<String> addresses) {
    return new TunnelEnd.Recovery(
        tunnel, lab.fact("provider.card"), recovery, addresses, LabGateway.TUNNEL_PORT);
  }

  TunnelEnd.Production productionEnd(List<String> addresses) {
    return new TunnelEnd.Production(
        tunnel,
        lab.fact("tenant.card"),
        production,
        addresses,
        lab.fact("production.network"),
        lab.fact("production.gateway"),
        "127.0.0.1",
        LabGateway.TUNNEL_PORT,
        path);
  }

  EndReference atRecovery() {
    return EndReference.of(recoveryEnd(replica()), revision.get());
  }

  EndReference atProduction() {
    return EndReference.of(productionEnd(replica()), revision.get());
  }

  List<String> replica() {
    return List.of(lab.fact("replica.address"));
  }

  long nextRevision() {
    return revision.incrementAndGet();
  }

  long revision() {
    return revision.get();
  }

  /** Brings both ends to these open addresses. */
  void open(List<String> addresses) {
    long next = nextRevision();
    tunnels.converge(provider(), recoveryEnd(addresses), next);
    tunnels.converge(tenant(), productionEnd(addresses), next);
  }

  /** Waits until the ends answer each other. */
  void awaitUp() {
    TunnelView view = null;
    for (int looks = 0; looks < 30; looks++) {
      view = tunnels.look(tenant(), atProduction());
      if (view.isUp()) {
        return;
      }
    }
    assertThat(view).as("the tunnel did not come up").isNull();
  }

  /** Waits until OpenVPN says something of that kind. */
  void awaitWord(Appliance appliance, EndReference end, String word) {
    String last = "";
    for (int looks = 0; looks < 30 && !last.contains(word); looks++) {
      last = tunnels.look(appliance, end).lastWord();
    }
    if (!last.contains(word)) {
      String log = "tail -n 40 /var/lib/switchback/tunnels/%s/openvpn.log".formatted(tunnel.name());
      throw new AssertionError(
          "not '%s' but '%s':\n%s\n%s"
              .formatted(word, last, lab.in("provider", log), lab.in("tenant", log)));
    }
  }

  void tearDown() {
    nextRevision();
    tunnels.tearDown(tenant(), atProduction());
    tunnels.tearDown(provider(), atRecovery());
  }
}
