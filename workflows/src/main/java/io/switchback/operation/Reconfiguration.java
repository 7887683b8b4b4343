package io.switchback.operation;

import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to change; what is null stays as it is.
 *
 * @param policyName of a policy that is known already
 * @param policy a new one, or other settings of one whose every VM is named
 * @param networks that stand in for the replica's map
 */
public record Reconfiguration(
    @Nullable String policyName,
    @Nullable Policy policy,
    @Nullable List<NetworkMapping> networks,
    @Nullable Placement placement) {
  public Reconfiguration {
    networks = networks == null ? null : List.copyOf(networks);
  }
}
