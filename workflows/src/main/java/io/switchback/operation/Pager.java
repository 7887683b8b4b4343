package io.switchback.operation;

import io.switchback.port.NotifyActivities.Notice;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import org.jspecify.annotations.Nullable;

/** Tells people, and the run over all, where a member is. Nothing here may hold the member up. */
final class Pager {
  private final Ports ports;
  private final String operation;
  private final String replicaId;
  private final String vm;
  private final @Nullable String parent;

  Pager(Ports ports, String operation, Errand errand) {
    this.ports = ports;
    this.operation = operation;
    this.replicaId = errand.replicaId();
    this.vm = errand.vm();
    this.parent = errand.parent();
  }

  /** Tells that the member waits; {@code id} stays the same for the same wait. */
  void parked(Parked parked, String id) {
    report(new MemberReport(replicaId, "parked at " + parked.step(), parked, null));
    WorkflowInfo run = Workflow.getInfo();
    Notice notice =
        new Notice(
            id,
            operation,
            run.getWorkflowId(),
            run.getRunId(),
            vm,
            parked.step(),
            parked.fault().name(),
            parked.message(),
            parked.copyable());
    // Whoever answers before the call has got through is not kept waiting for it.
    Async.function(ports.notify("Call somebody: " + vm + " is parked")::page, notice)
        .handle((paged, failure) -> failure == null ? "" : nobodyCalled(parked));
  }

  private String nobodyCalled(Parked parked) {
    Workflow.getLogger(Pager.class).warn("nobody was called, vm={} step={}", vm, parked.step());
    return parked.step();
  }

  /** Tells that the member goes on. */
  void resumed(String step) {
    report(new MemberReport(replicaId, "goes on at " + step, null, null));
  }

  /** Tells the run over all how far the member is. */
  void phase(String phase) {
    report(new MemberReport(replicaId, phase, null, null));
  }

  /** Tells how the member ended, where its run's own result would be lost. */
  void ended(MemberResult result) {
    report(new MemberReport(replicaId, result.outcome().toString(), null, result));
  }

  private void report(MemberReport report) {
    if (parent != null && !Signals.reaches(parent, MemberWatch.SIGNAL, report)) {
      Workflow.getLogger(Pager.class).info("the run over all is gone, parent={}", parent);
    }
  }
}
