package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Logs in to sites from wherever they will be used, and reports everything that stands in the way.
 * Changes nothing. Input: none for every site, or {@code {"sites":["berlin"]}}.
 */
@WorkflowInterface
public interface SiteCheck {
  /** Workflow type. */
  String TYPE = "SiteCheck";

  /**
   * Checks every login at once. That a site is gone is a finding, not a failure; only wrong input
   * and a registry that is away fail the run.
   */
  @WorkflowMethod(name = TYPE)
  SiteCheckResult check(@Nullable JsonNode input);
}
