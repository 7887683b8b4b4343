package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.CheckOverride;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.RecordAudit;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The audit of one replica's operation. Entries are kept until the registry has them: a registry
 * that is away delays the audit, never the failover.
 */
final class Audit {
  private final Ports ports;
  private final Operation operation;
  private final String operationId;
  private final String replicaId;
  private final String by;
  private final String reason;
  private final List<AuditEntry> waiting = new ArrayList<>();

  Audit(Ports ports, Operation operation, Errand errand) {
    this.ports = ports;
    this.operation = operation;
    this.operationId = errand.operationId();
    this.replicaId = errand.replicaId();
    this.by = errand.by();
    this.reason = errand.reason();
  }

  /** Records what came of a step; why the operation was asked for stands with its first. */
  void record(String step, long stepNumber, int attempt, String outcome, String detail) {
    boolean tellWhy = stepNumber == 1 && !reason.isBlank();
    add(step, stepNumber, attempt, outcome, by, tellWhy ? detail + "; why: " + reason : detail);
  }

  /** Records what a person answered. */
  void answered(String step, long stepNumber, Answer answer) {
    String who = answer.by() == null ? by : answer.by();
    String why = answer.reason() == null ? "" : ": " + answer.reason();
    add(step, stepNumber, 0, "ANSWERED", who, answer.answer() + why);
  }

  /** Records that a step was left out, on whose word and why. */
  void skipped(SkippedStep step, long stepNumber, String fault) {
    add(
        step.step(),
        stepNumber,
        0,
        "SKIPPED",
        step.by(),
        step.reason() + "; " + step.consequence() + " (failed: " + fault + ")");
  }

  /** Records that the run went on against a check, on whose word and why. */
  void overridden(String check, long stepNumber, CheckOverride override, String finding) {
    add(
        check,
        stepNumber,
        0,
        "OVERRIDDEN",
        override.by(),
        override.reason() + " (found: " + finding + ")");
  }

  /** Writes what is left; waits for the registry as long as it takes. */
  void finish() {
    if (waiting.isEmpty()) {
      return;
    }
    try {
      ports.patientAudit("Complete the audit").recordAudit(new RecordAudit(waiting));
      waiting.clear();
    } catch (ActivityFailure refused) {
      // The operation has ended well or was undone; an audit that the registry does not take must
      // not change that.
      Workflow.getLogger(Audit.class)
          .error("the registry does not take the audit, entries={}", waiting.size(), refused);
    }
  }

  private void add(
      String step, long stepNumber, int attempt, String outcome, String who, String detail) {
    Instant now = RunClock.now();
    waiting.add(
        new AuditEntry(
            operationId,
            operation,
            replicaId,
            step,
            stepNumber,
            attempt,
            outcome,
            who,
            detail,
            now));
    try {
      ports.audit().recordAudit(new RecordAudit(waiting));
      waiting.clear();
    } catch (ActivityFailure registryAway) {
      Workflow.getLogger(Audit.class)
          .warn("audit waits for the registry, entries={}", waiting.size());
    }
  }
}
