package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes VMs a group: from their next cycle on, their snapshots are taken at one moment, and the
 * group's restore point is one thing to choose. Input: {@link GroupRequest}, as in {@code
 * {"group":"erp","vms":["app-01","db-01"]}}; an empty list ends the group.
 */
@WorkflowInterface
public interface DefineGroup {
  /** Name of the workflow type. */
  String TYPE = "DefineGroup";

  /**
   * Puts these VMs in place of those that the group had. Wrong input fails the run at once, with
   * every mistake listed and nothing changed.
   */
  @WorkflowMethod(name = TYPE)
  GroupResult define(@Nullable JsonNode input);
}
