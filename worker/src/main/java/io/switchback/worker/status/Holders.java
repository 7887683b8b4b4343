package io.switchback.worker.status;

import io.switchback.operation.Parked;
import io.switchback.operation.ReplicaStatus;
import io.switchback.registry.EstateView.ClaimView;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.status.EstateStatus.HolderStatus;
import io.switchback.worker.status.EstateStatus.ParkedStatus;
import io.switchback.worker.status.TemporalView.Holder;
import org.jspecify.annotations.Nullable;

/** Puts together who holds a replica, by the registry, and where it is, by its run. */
final class Holders {
  private Holders() {}

  /**
   * @param vm that is held
   * @param holder null while Temporal cannot be asked
   */
  static HolderStatus of(
      String vm, ClaimView claim, @Nullable Holder holder, CommandWords commands) {
    ReplicaStatus status = holder == null ? null : holder.status();
    return new HolderStatus(
        claim.operation().words(),
        claim.operationId(),
        claim.workflowId(),
        claim.runId(),
        claim.by(),
        claim.since(),
        status == null || status.steps().isEmpty() ? "" : status.steps().getLast().step(),
        parked(claim.workflowId(), status == null ? null : status.parked(), commands),
        holder == null ? "" : problem(vm, holder, commands));
  }

  /**
   * A claim whose run is gone is settled by one command; that it shows first, and changes nothing.
   */
  private static String problem(String vm, Holder holder, CommandWords commands) {
    return holder.isGone()
        ? "%s. See what is there: %s"
            .formatted(
                holder.problem(),
                commands.command(
                    "start", "reconcile", "{\"vms\":[\"%s\"]}".formatted(vm), "--wait"))
        : holder.problem();
  }

  static @Nullable ParkedStatus parked(
      String workflowId, @Nullable Parked parked, CommandWords commands) {
    return parked == null
        ? null
        : new ParkedStatus(
            parked.vm(),
            parked.step(),
            parked.fault(),
            parked.message(),
            commands.answers(workflowId, parked));
  }
}
