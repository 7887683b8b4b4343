package io.switchback.registry;

import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.SiteSettingsActivities;
import io.switchback.port.SiteSettingsContract;
import io.switchback.port.SiteSettingsFixture;
import java.util.List;

class PostgresSiteSettingsContractIT extends SiteSettingsContract {
  @Override
  protected SiteSettingsFixture open() {
    return new PostgresFixture();
  }

  private static final class PostgresFixture implements SiteSettingsFixture {
    private final BreakableRegistry registry = new BreakableRegistry();

    @Override
    public SiteSettingsActivities settings() {
      return new PostgresSiteSettingsActivities(registry.database);
    }

    @Override
    public void say(List<SiteSettings> sites, List<SitePair> pairs) {
      new Sites(registry.database).write(sites, pairs);
    }

    @Override
    public void breakRegistry() {
      registry.fallSilent();
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
