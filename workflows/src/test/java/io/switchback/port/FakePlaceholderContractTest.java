package io.switchback.port;

/** The site in memory keeps every promise of {@link PlaceholderActivities}. */
final class FakePlaceholderContractTest extends PlaceholderContract {
  @Override
  protected PlacementFixture open() {
    return new FakePlacementFixture(FakeInventoryActivities::new, FakePlaceholderActivities::new);
  }
}
