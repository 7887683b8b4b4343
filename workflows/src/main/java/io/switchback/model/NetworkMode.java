package io.switchback.model;

/** How appliances serve the networks of a replica that has failed over. */
public enum NetworkMode {
  /** Each is extended from production, by a tunnel between two appliances. */
  TUNNEL,
  /** Production is lost: the recovery site's appliance is each network's default gateway. */
  FULL_SITE
}
