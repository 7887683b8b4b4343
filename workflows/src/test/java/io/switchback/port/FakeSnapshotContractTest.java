package io.switchback.port;

/** The site in memory keeps every promise about snapshots. */
final class FakeSnapshotContractTest extends SnapshotContract {
  @Override
  protected SiteFixture open() {
    return new FakeSiteFixture(
        FakeVmActivities::new, FakeGuestActivities::new, FakeSnapshotActivities::new);
  }
}
