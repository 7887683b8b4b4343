package io.switchback.port;

/** The site in memory keeps every promise of VMs whose shape changes. */
final class FakeReshapingContractTest extends ReshapingContract {
  @Override
  protected PlacementFixture open() {
    return new FakePlacementFixture(FakeInventoryActivities::new, FakePlaceholderActivities::new);
  }
}
