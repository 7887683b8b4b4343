package io.switchback.port;

import java.util.Optional;

/** Names of the task queues. */
public final class Queues {
  /** Operations, and the activities that reach the registry. */
  public static final String SWITCHBACK = "switchback";

  private static final String SITE = "site.";

  private Queues() {}

  /** Whatever touches the site's hypervisor, appliances and disks. */
  public static String site(String name) {
    return SITE + name;
  }

  /** The site whose queue it is; empty for another queue. */
  public static Optional<String> siteOf(String queue) {
    return queue.startsWith(SITE) ? Optional.of(queue.substring(SITE.length())) : Optional.empty();
  }
}
