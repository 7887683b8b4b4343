package io.switchback.port;

import java.util.function.Function;

/** The site in memory for copies, with the reference adapters or with one that breaks a promise. */
final class FakeCopyFixture extends FakePlacementFixture implements CopyFixture {
  private final CopyActivities copies;
  private final DrillNetworkActivities networks;

  FakeCopyFixture(
      Function<FakeSite, ? extends CopyActivities> copies,
      Function<FakeSite, ? extends DrillNetworkActivities> networks) {
    super(FakeInventoryActivities::new, FakePlaceholderActivities::new);
    this.copies = copies.apply(site);
    this.networks = networks.apply(site);
  }

  @Override
  public CopyActivities copies() {
    return copies;
  }

  @Override
  public DrillNetworkActivities drillNetworks() {
    return networks;
  }

  @Override
  public SnapshotActivities snapshots() {
    return new FakeSnapshotActivities(site);
  }

  @Override
  public void connect(String network) {
    site.drillNetworks().put(network, "an uplink");
  }

  @Override
  public boolean hasNetwork(String network) {
    return site.drillNetworks().containsKey(network);
  }
}
