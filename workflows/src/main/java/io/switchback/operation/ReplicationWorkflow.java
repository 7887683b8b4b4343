package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The loop around {@link ReplicationCycle}. */
public final class ReplicationWorkflow implements Replication {
  /** A history of this many cycles is long enough; the server's own suggestion may come earlier. */
  private static final int CYCLES_PER_RUN = 100;

  /**
   * On hold the loop is woken by whoever ends the hold; it looks by itself as well, in case that
   * was lost.
   */
  private static final Duration HELD = Duration.ofMinutes(5);

  private final String vm;
  private final Ports ports;
  private final ReplicationCycle cycle;
  private final ReplicaWatch watch;
  private int asked;
  private int answered;
  private boolean woken;
  private boolean ended;

  @WorkflowInit
  public ReplicationWorkflow(ReplicationRequest request) {
    vm = request.vm();
    ports = new Ports(request.pace());
    cycle = new ReplicationCycle(request, ports);
    watch = new ReplicaWatch(request.replicaId(), vm, ports);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void replicate(ReplicationRequest request) {
    Workflow.upsertTypedSearchAttributes(
        Attributes.OPERATION.valueSet("replicate"), Attributes.VM.valueSet(vm));
    // Whoever waits for a cycle gets it before the history is cut.
    for (int cycles = 0; !isLongEnough(cycles) || !Workflow.isEveryHandlerFinished(); cycles++) {
      Instant begun = now();
      int serving = asked;
      watch.look();
      CycleStart start = begin(request);
      if (start == null) {
        ended = true;
        Workflow.await(Workflow::isEveryHandlerFinished);
        return;
      }
      CyclePlan plan = start.plan();
      if (plan != null) {
        cycle.run(plan);
      } else {
        cycle.waitFor(start.waitingFor());
      }
      answered = serving;
      rest(begun, plan == null ? HELD : start.interval());
    }
    Workflow.continueAsNew(request);
  }

  @Override
  public ReplicationStatus replicateNow() {
    int mine = ++asked;
    Workflow.await(() -> answered >= mine || ended);
    return cycle.status();
  }

  @Override
  public void wake() {
    woken = true;
  }

  @Override
  public ReplicationStatus status() {
    return cycle.status();
  }

  /**
   * Asks the registry whether a cycle may begin; a registry that is away is asked again, an
   * unprotected replica ends the loop.
   */
  private @Nullable CycleStart begin(ReplicationRequest request) {
    while (true) {
      woken = false;
      try {
        return ports
            .cycles("May a cycle of " + vm + " begin?")
            .beginCycle(new BeginCycle(request.replicaId()));
      } catch (ActivityFailure failure) {
        if (failure.getCause() instanceof CanceledFailure cancelled) {
          throw cancelled;
        }
        FaultException fault = Failures.toFault(failure);
        if (fault.fault() == Fault.REFUSED) {
          cycle.waitFor(fault.sentence());
          return null;
        }
        cycle.failed(fault.sentence());
        rest(now(), ports.pace().heartbeat());
      }
    }
  }

  private void rest(Instant begun, Duration interval) {
    Duration left = Duration.between(now(), begun.plus(interval));
    if (left.isPositive() && !woken && asked == answered) {
      Promise<Void> pause =
          Workflow.newTimer(
              left, TimerOptions.newBuilder().setSummary("until the next cycle").build());
      Workflow.await(() -> pause.isCompleted() || woken || asked > answered);
    }
  }

  private static boolean isLongEnough(int cycles) {
    return cycles >= CYCLES_PER_RUN || Workflow.getInfo().isContinueAsNewSuggested();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
