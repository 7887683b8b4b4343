package io.switchback.port;

/** Names of the task queues. */
public final class Queues {
  /** Operations, and the activities that reach the registry. */
  public static final String SWITCHBACK = "switchback";

  private Queues() {}

  /** Whatever touches the site's hypervisor, appliances and disks. */
  public static String site(String name) {
    return "site." + name;
  }
}
