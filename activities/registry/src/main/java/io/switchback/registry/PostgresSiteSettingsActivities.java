package io.switchback.registry;

import io.switchback.port.SiteSettingsActivities;

/** What operators say of sites, from PostgreSQL. */
public final class PostgresSiteSettingsActivities implements SiteSettingsActivities {
  private final RegistryDatabase database;

  public PostgresSiteSettingsActivities(RegistryDatabase database) {
    this.database = database;
  }

  @Override
  public KnownSites readSites(ReadSites request) {
    return database.inSnapshot(jdbc -> new KnownSites(SiteRows.all(jdbc), SiteRows.pairs(jdbc)));
  }
}
