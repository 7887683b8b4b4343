package io.switchback.operation;

import io.switchback.model.CheckOverride;
import io.switchback.model.Pace;
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
    String appliance) {
  public ReplicaRequest {
    appliance = appliance == null ? "" : appliance;
    found = found == null ? Map.of() : Map.copyOf(found);
    overrides = List.copyOf(overrides);
  }
}
