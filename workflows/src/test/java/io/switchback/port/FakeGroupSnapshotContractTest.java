package io.switchback.port;

/** The site in memory keeps every promise about snapshots of groups. */
final class FakeGroupSnapshotContractTest extends GroupSnapshotContract {
  private FakeSiteFixture fixture;

  @Override
  protected SiteFixture open() {
    fixture =
        new FakeSiteFixture(
            FakeVmActivities::new, FakeGuestActivities::new, FakeSnapshotActivities::new);
    return fixture;
  }

  @Override
  protected GroupSnapshotActivities groupSnapshots() {
    return new FakeGroupSnapshotActivities(fixture.site());
  }
}
