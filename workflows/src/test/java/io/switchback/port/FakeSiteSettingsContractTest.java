package io.switchback.port;

final class FakeSiteSettingsContractTest extends SiteSettingsContract {
  @Override
  protected SiteSettingsFixture open() {
    return new FakeSiteSettingsFixture(new FakeSiteSettingsActivities());
  }
}
