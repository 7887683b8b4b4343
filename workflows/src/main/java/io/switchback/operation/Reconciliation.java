package io.switchback.operation;

import java.util.List;

/**
 * What is known of a claim that nobody works on any more, side by side, and how it can be settled.
 *
 * @param operation that was to be done; empty when no operation holds the replica
 * @param run what Temporal says of the run that made the claim
 * @param registry what the registry says
 * @param hypervisor what the recovery site's hypervisor says of the replica
 * @param production what production's hypervisor says
 * @param appliances what is known of the network extension
 * @param ways that fit what is there; empty when nothing has to be settled
 */
public record Reconciliation(
    String operation,
    String run,
    String registry,
    String hypervisor,
    String production,
    String appliances,
    List<Way> ways) {
  public Reconciliation {
    ways = List.copyOf(ways);
  }
}
