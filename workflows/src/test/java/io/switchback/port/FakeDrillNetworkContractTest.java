package io.switchback.port;

/** The site in memory keeps every promise of {@link DrillNetworkActivities}. */
final class FakeDrillNetworkContractTest extends DrillNetworkContract {
  @Override
  protected CopyFixture open() {
    return new FakeCopyFixture(FakeCopyActivities::new, FakeDrillNetworkActivities::new);
  }
}
