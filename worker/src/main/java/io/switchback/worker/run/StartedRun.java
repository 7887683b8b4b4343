package io.switchback.worker.run;

import io.switchback.worker.local.TemporalAddress;
import io.switchback.worker.local.TemporalProbe;
import java.util.Optional;

/**
 * A run that was started.
 *
 * @param already whether an earlier command had started it under the same operation id
 */
public record StartedRun(
    StartableOperation operation,
    String operationId,
    String workflowId,
    String runId,
    boolean already) {
  /** Its page in the Temporal UI; empty where no UI is known. */
  public Optional<String> link(TemporalAddress temporal) {
    return UiLinks.run(temporal, TemporalProbe.DEFAULT_NAMESPACE, workflowId);
  }
}
