package io.switchback.port;

/** The site in memory keeps every promise about power and networks. */
final class FakeVmContractTest extends VmContract {
  @Override
  protected SiteFixture open() {
    return new FakeSiteFixture(
        FakeVmActivities::new, FakeGuestActivities::new, FakeSnapshotActivities::new);
  }
}
