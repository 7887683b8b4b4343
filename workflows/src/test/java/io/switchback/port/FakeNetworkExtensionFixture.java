package io.switchback.port;

import io.switchback.model.CredentialReference;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.model.SiteAppliance;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.List;

/** The suite's appliances in memory, or some that break a promise. */
final class FakeNetworkExtensionFixture implements NetworkExtensionFixture {
  private final FakeNetworkExtensionActivities ends;

  FakeNetworkExtensionFixture(FakeNetworkExtensionActivities ends) {
    this.ends = ends;
  }

  @Override
  public NetworkExtensionActivities ends() {
    return ends;
  }

  @Override
  public NetworkPair pair(long revision, List<String> addresses) {
    return pair(revision, addresses, "10.0.0.5");
  }

  private static NetworkPair pair(long revision, List<String> addresses, String host) {
    SiteAppliance appliance =
        new SiteAppliance(
            host,
            22,
            "root",
            "SHA256:abc",
            CredentialReference.parse("file:/etc/key"),
            false,
            "/etc/tunnel",
            "acme");
    return new NetworkPair(
        7,
        revision,
        "berlin",
        "lan-berlin",
        "munich",
        "lan",
        new NetworkExtent("192.168.10.0/24", "", "lan0", "recovery0", "127.0.0.1:1194", 1194),
        appliance,
        appliance,
        List.of(new Member("web-01.1", "web-01", addresses, 1)),
        false);
  }

  @Override
  public List<String> addresses() {
    return List.of("192.168.10.20", "192.168.10.30");
  }

  @Override
  public String ownedAddress() {
    ends.own("192.168.10.11", "00:50:56:00:00:01");
    return "192.168.10.11";
  }

  @Override
  public List<String> present(Side side) {
    return ends.isPresent(side) ? List.of("process 1") : List.of();
  }

  @Override
  public List<String> open(Side side) {
    return ends.open(side);
  }

  @Override
  public String daemon(Side side) {
    return ends.end(side).running ? String.valueOf(ends.started(side)) : "";
  }

  @Override
  public void kill(Side side) {
    ends.kill(side);
  }

  @Override
  public void plunder(Side side) {
    ends.plunder(side);
  }

  @Override
  public NetworkPair unreachable(long revision) {
    return pair(revision, List.of(), FakeNetworkExtensionActivities.NOBODY);
  }

  @Override
  public void close() {}
}
