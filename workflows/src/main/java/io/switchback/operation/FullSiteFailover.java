package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fails over the VMs of a tenant whose production is lost, one after the other; the recovery site's
 * appliance is the default gateway of their networks, and their way to the outside and back. Input:
 * {@link OperationRequest} and {@link FullSiteInput}, as in {@code
 * {"vms":["dns-01","db-01"],"delay":"PT30S"}}.
 *
 * @see FullSiteFailoverOfReplica the steps for each VM
 */
@WorkflowInterface
public interface FullSiteFailover extends MemberWatch {
  /**
   * Fails over every VM named that is READY, in this order; the others are skipped and listed.
   * Wrong input fails the run at once, with every mistake listed and nothing changed.
   */
  @WorkflowMethod(name = "FullSiteFailover")
  OperationResult failOver(@Nullable JsonNode input);
}
