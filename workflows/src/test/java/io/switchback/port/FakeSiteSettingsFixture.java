package io.switchback.port;

import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import java.util.List;

/** The suite's registry in memory, with the reference adapter or with one that breaks a promise. */
class FakeSiteSettingsFixture implements SiteSettingsFixture {
  private final FakeSiteSettingsActivities settings;

  FakeSiteSettingsFixture(FakeSiteSettingsActivities settings) {
    this.settings = settings;
  }

  @Override
  public SiteSettingsActivities settings() {
    return settings;
  }

  @Override
  public void say(List<SiteSettings> sites, List<SitePair> pairs) {
    sites.forEach(settings::add);
    pairs.forEach(settings::add);
  }

  @Override
  public void breakRegistry() {
    settings.reachable(false);
  }

  @Override
  public void close() {}
}
