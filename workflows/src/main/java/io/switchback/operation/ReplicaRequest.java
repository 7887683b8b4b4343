package io.switchback.operation;

import io.switchback.model.CheckOverride;
import io.switchback.model.Pace;
import io.switchback.model.WindowTerms;
import io.switchback.port.CatalogueActivities.Member;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the run over one replica is given by the run over all.
 *
 * @param operationId derived from the parent's and the replica id
 * @param parent workflow id of the run over all, which is told when the member parks
 * @param begunAt when the operation began, for RPO and RTO
 * @param found by the run over all, before it began: what fails, by check
 * @param appliance name of the VM at the recovery site that extends networks; empty: none is needed
 * @param window in which what the operation leads to is committed or undone; null: none
 * @param due the end of the window that has started it; where that is another one by then, nothing
 *     is done. Null when somebody asks for it
 */
public record ReplicaRequest(
    Member member,
    String operationId,
    List<CheckOverride> overrides,
    String by,
    String reason,
    Pace pace,
    @Nullable String parent,
    Instant begunAt,
    Map<String, String> found,
    String appliance,
    @Nullable WindowTerms window,
    @Nullable Instant due) {
  public ReplicaRequest {
    appliance = appliance == null ? "" : appliance;
    found = found == null ? Map.of() : Map.copyOf(found);
    overrides = List.copyOf(overrides);
  }

  /** The same with a window. */
  ReplicaRequest within(@Nullable WindowTerms terms) {
    return with(terms, due);
  }

  /** The same, started at the end of a window. */
  ReplicaRequest dueAt(@Nullable Instant end) {
    return with(window, end);
  }

  private ReplicaRequest with(@Nullable WindowTerms terms, @Nullable Instant end) {
    return new ReplicaRequest(
        member,
        operationId,
        overrides,
        by,
        reason,
        pace,
        parent,
        begunAt,
        found,
        appliance,
        terms,
        end);
  }
}
