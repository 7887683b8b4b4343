package io.switchback.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a recovery site's appliance is the gateway of at one time, for whichever replicas.
 *
 * @param revision grows with everything that is asked of the site's appliance, and never falls
 * @param settings null when nobody says any more how
 * @param networks those of which a replica has failed over
 */
public record FullSiteGateway(
    long revision, @Nullable FullSiteSettings settings, List<Network> networks) {
  public FullSiteGateway {
    networks = List.copyOf(networks);
  }

  /** A recovery network, by its name. */
  public record Network(String name, NetworkExtent extent) {}
}
