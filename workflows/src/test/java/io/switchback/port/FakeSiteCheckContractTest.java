package io.switchback.port;

final class FakeSiteCheckContractTest extends SiteCheckContract {
  @Override
  protected SiteCheckFixture open() {
    return new FakeSiteCheckFixture(FakeSiteActivities::new);
  }
}
