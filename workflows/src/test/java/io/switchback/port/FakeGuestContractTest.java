package io.switchback.port;

/** The site in memory keeps every promise about guests. */
final class FakeGuestContractTest extends GuestContract {
  @Override
  protected SiteFixture open() {
    return new FakeSiteFixture(
        FakeVmActivities::new, FakeGuestActivities::new, FakeSnapshotActivities::new);
  }
}
