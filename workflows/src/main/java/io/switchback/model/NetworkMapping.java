package io.switchback.model;

import org.jspecify.annotations.Nullable;

/**
 * What a production network is called where its VMs fail over to.
 *
 * @param drill the isolated network for drills; empty when none is set aside
 * @param extent how it is extended for what has failed over; null when it is not
 */
public record NetworkMapping(
    String production, String recovery, String drill, @Nullable NetworkExtent extent) {
  public NetworkMapping {
    drill = drill == null ? "" : drill;
    new Mistakes()
        .required(production, "production")
        .required(recovery, "recovery")
        .unless(drill.isEmpty() || !drill.equals(recovery), "drill must be another network")
        .refuse("network mapping");
  }

  /** A network that is not extended. */
  public NetworkMapping(String production, String recovery, String drill) {
    this(production, recovery, drill, null);
  }

  /** Whether both are about the same network, at either site. */
  boolean contradicts(NetworkMapping other) {
    return production.equals(other.production) || recovery.equals(other.recovery);
  }
}
