package io.switchback.port;

import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What operators say of sites, in memory. */
public final class FakeSiteSettingsActivities implements SiteSettingsActivities {
  private final List<SiteSettings> sites = new CopyOnWriteArrayList<>();
  private final List<SitePair> pairs = new CopyOnWriteArrayList<>();

  /** Adds a site. */
  public void add(SiteSettings site) {
    sites.add(site);
  }

  /** Adds a pair. */
  public void add(SitePair pair) {
    pairs.add(pair);
  }

  @Override
  public KnownSites readSites(ReadSites request) {
    return new KnownSites(sites, pairs);
  }
}
