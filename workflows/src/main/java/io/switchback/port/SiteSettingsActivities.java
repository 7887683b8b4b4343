package io.switchback.port;

import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What operators say of sites. Runs on the queue {@code switchback}. */
@ActivityInterface
public interface SiteSettingsActivities {

  /**
   * Reads every site and pair as they stood at one moment. Changes nothing. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException REGISTRY_UNAVAILABLE (retried)
   */
  KnownSites readSites(ReadSites request);

  /** Asks for all of them. */
  record ReadSites() {}

  /** Sites by name, pairs by their production site. */
  record KnownSites(List<SiteSettings> sites, List<SitePair> pairs) {
    public KnownSites {
      sites = List.copyOf(sites);
      pairs = List.copyOf(pairs);
    }
  }
}
