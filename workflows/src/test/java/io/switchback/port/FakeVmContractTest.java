package io.switchback.port;

/** The site in memory keeps every promise about power and guests. */
final class FakeVmContractTest extends VmContract {
  @Override
  protected SiteFixture open() {
    return new FakeSiteFixture(FakeVmActivities::new, FakeSnapshotActivities::new);
  }
}
