package io.switchback.port;

import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import java.util.List;

/** A registry without sites for {@link SiteSettingsContract}; each test opens one of its own. */
public interface SiteSettingsFixture extends AutoCloseable {
  /** The adapter under test. */
  SiteSettingsActivities settings();

  /** An operator says this of sites; it replaces what was said before of those that are named. */
  void say(List<SiteSettings> sites, List<SitePair> pairs);

  /** The database answers nobody from now on. */
  void breakRegistry();

  @Override
  void close();
}
