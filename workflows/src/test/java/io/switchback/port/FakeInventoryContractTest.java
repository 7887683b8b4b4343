package io.switchback.port;

/** The site in memory keeps every promise of {@link InventoryActivities}. */
final class FakeInventoryContractTest extends InventoryContract {
  @Override
  protected PlacementFixture open() {
    return new FakePlacementFixture(FakeInventoryActivities::new, FakePlaceholderActivities::new);
  }
}
