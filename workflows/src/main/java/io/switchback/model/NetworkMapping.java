package io.switchback.model;

/**
 * What a production network is called where its VMs fail over to.
 *
 * @param drill the isolated network for drills; empty when none is set aside
 */
public record NetworkMapping(String production, String recovery, String drill) {
  public NetworkMapping {
    drill = drill == null ? "" : drill;
    new Mistakes()
        .required(production, "production")
        .required(recovery, "recovery")
        .unless(drill.isEmpty() || !drill.equals(recovery), "drill must be another network")
        .refuse("network mapping");
  }

  /** Whether both are about the same network, at either site. */
  boolean contradicts(NetworkMapping other) {
    return production.equals(other.production) || recovery.equals(other.recovery);
  }
}
