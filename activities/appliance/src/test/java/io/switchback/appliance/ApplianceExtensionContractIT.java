package io.switchback.appliance;

import static java.util.Objects.requireNonNull;

import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.model.SiteAppliance;
import io.switchback.port.NetworkExtensionActivities;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionContract;
import io.switchback.port.NetworkExtensionFixture;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real appliances keep every promise of {@code NetworkExtensionActivities}. */
@Tag("network")
class ApplianceExtensionContractIT extends NetworkExtensionContract {
  private static final Pattern ADDRESS = Pattern.compile("192\\.168\\.77\\.(?!0/)\\d+");
  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private static NetworkLab lab;
  private static LabSites sites;
  @TempDir private static Path folder;

  @BeforeAll
  static void describe() {
    lab = LAB.lab();
    sites = new LabSites(lab, folder);
  }

  @Override
  protected NetworkExtensionFixture open() {
    return new Appliances();
  }

  private static final class Appliances implements NetworkExtensionFixture {
    /** An appliance remembers the highest revision it has seen, also between tests. */
    private static long base;

    private final NetworkExtensionActivities ends =
        new ApplianceExtensionActivities(
            SshSettings.standard(), LabTunnel::read, new TunnelBook(InstantSource.system()));
    private long last = base;

    private Appliances() {
      base += 100;
      last = base;
    }

    @Override
    public NetworkExtensionActivities ends() {
      return ends;
    }

    @Override
    public NetworkPair pair(long revision, List<String> addresses) {
      last = Math.max(last, base + revision);
      return pair(base + revision, addresses, lab.fact("provider.ssh"), lab.fact("tenant.ssh"));
    }

    private static NetworkPair pair(
        long revision, List<String> addresses, String provider, String tenant) {
      return new NetworkPair(
          9,
          revision,
          "berlin",
          "lan",
          "munich",
          "recovery",
          sites.extent(),
          sites.appliance("tenant", tenant),
          sites.appliance("provider", provider),
          List.of(new Member("db-01.1", "db-01", addresses, 1)),
          false);
    }

    @Override
    public List<String> addresses() {
      return List.of("192.168.77.78", "192.168.77.77");
    }

    @Override
    public String ownedAddress() {
      return lab.fact("production.vm");
    }

    @Override
    public List<String> present(Side side) {
      ApplianceTunnels tunnels =
          new ApplianceTunnels(new Ssh(SshSettings.standard(), LabTunnel::read));
      return tunnels
          .look(
              lab.appliance(host(side)),
              new EndReference(
                  new Tunnel("pair-9", 9), side, lab.fact(host(side) + ".card"), addresses(), last))
          .present();
    }

    @Override
    public List<String> open(Side side) {
      return ADDRESS
          .matcher(lab.in(host(side), "ip rule show | grep '^13000:' || true"))
          .results()
          .map(MatchResult::group)
          .distinct()
          .sorted()
          .toList();
    }

    @Override
    public String daemon(Side side) {
      return lab.in(host(side), "pgrep -x openvpn || true").strip();
    }

    @Override
    public void kill(Side side) {
      lab.in(host(side), "pkill -9 -x openvpn; while pgrep -x openvpn; do sleep 0.05; done");
    }

    @Override
    public void plunder(Side side) {
      lab.in(host(side), "while ip rule del pref 13000 2>/dev/null; do :; done");
      lab.in(
          host(side),
          "ip route flush table 21309; ip neigh flush proxy dev %s || true"
              .formatted(lab.fact(host(side) + ".card")));
    }

    @Override
    public NetworkPair unreachable(long revision) {
      // Nobody listens at the port for discarding.
      return pair(base + revision, List.of(), "127.0.0.2", "127.0.0.2", 9);
    }

    private static NetworkPair pair(
        long revision, List<String> addresses, String provider, String tenant, int port) {
      NetworkPair all = pair(revision, addresses, provider, tenant);
      return new NetworkPair(
          all.number(),
          all.revision(),
          all.productionSite(),
          all.productionNetwork(),
          all.recoverySite(),
          all.recoveryNetwork(),
          all.extent(),
          at(requireNonNull(all.atProduction()), port),
          at(requireNonNull(all.atRecovery()), port),
          all.members(),
          all.closed());
    }

    private static SiteAppliance at(SiteAppliance known, int port) {
      return new SiteAppliance(
          known.host(),
          port,
          known.user(),
          known.hostKey(),
          known.login(),
          known.withPassword(),
          known.certificates(),
          known.peer());
    }

    private static String host(Side side) {
      return side == Side.RECOVERY ? "provider" : "tenant";
    }

    @Override
    public void close() {
      base = last;
      for (Side side : Side.values()) {
        var _ =
            ends.tearDownEnd(
                new NetworkExtensionActivities.TearDownEnd(pair(1, addresses()), side));
      }
      base = last;
    }
  }
}
