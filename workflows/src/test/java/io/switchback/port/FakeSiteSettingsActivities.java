package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What operators say of sites, in memory. */
public class FakeSiteSettingsActivities implements SiteSettingsActivities {
  final Map<String, SiteSettings> sites = new ConcurrentSkipListMap<>();
  final Map<String, SitePair> pairs = new ConcurrentSkipListMap<>();
  private volatile boolean reachable = true;

  /** Adds a site, or replaces it. */
  public void add(SiteSettings site) {
    sites.put(site.name(), site);
  }

  /** Adds a pair, or replaces it. */
  public void add(SitePair pair) {
    pairs.put(pair.production() + " " + pair.recovery(), pair);
  }

  /** Makes the registry answer, or not. */
  public void reachable(boolean answers) {
    reachable = answers;
  }

  @Override
  public KnownSites readSites(ReadSites request) {
    if (!reachable) {
      throw new FaultException(
          Fault.REGISTRY_UNAVAILABLE, "Could not reach the registry: nobody answers. Wait.");
    }
    return new KnownSites(new ArrayList<>(sites.values()), new ArrayList<>(pairs.values()));
  }
}
