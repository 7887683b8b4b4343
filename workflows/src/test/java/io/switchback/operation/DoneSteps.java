package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.port.CatalogueActivities.AuditEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The steps that the estate's operations have done since it was made, as the audit has them. */
final class DoneSteps {
  private final Estate estate;
  private final int before;

  DoneSteps(Estate estate) {
    this.estate = estate;
    this.before = all().size();
  }

  /** In their order; of those that follow themselves, one. */
  List<String> ids() {
    List<String> ids = new ArrayList<>();
    all().stream()
        .skip(before)
        .filter(step -> ids.isEmpty() || !ids.getLast().equals(step))
        .forEach(ids::add);
    return ids;
  }

  private List<String> all() {
    return estate.registry.audit().stream()
        .filter(entry -> entry.outcome().equals("DONE") || entry.outcome().equals("ALREADY_SO"))
        .map(AuditEntry::step)
        .toList();
  }

  /** Those that the operation is to take; none of a window, for which nobody asks. */
  static List<String> of(Operation operation, Set<StepKind> without) {
    return Procedure.of(operation).steps().stream()
        .filter(step -> !without.contains(step))
        .map(StepKind::id)
        .filter(step -> !step.endsWith("Window"))
        .toList();
  }
}
