package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.RestorePoint;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.CycleActivities.Question;
import io.switchback.port.ReplicationActivities.WakeGroup;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The loop around {@link ReplicationCycle}. */
public final class ReplicationWorkflow implements Replication {
  /** A history of this many cycles is long enough; the server's own suggestion may come earlier. */
  private static final int CYCLES_PER_RUN = 100;

  /** A member of a group is looked at by the group's loop; its own only sees that this is there. */
  private static final Duration LEFT_TO_GROUP = Duration.ofMinutes(5);

  private final String vm;
  private final Ports ports;
  private final LoopPager pager;
  private final ReplicationCycle cycle;
  private final RpoWatch rpo;
  private final ReplicaWatch watch;
  private final LoopCalls calls = new LoopCalls();
  private long questions;

  @WorkflowInit
  public ReplicationWorkflow(ReplicationRequest request) {
    vm = request.vm();
    ports = new Ports(request.pace());
    LoopMemory memory = request.memory();
    pager = new LoopPager(ports, memory.told());
    cycle = new ReplicationCycle(vm, ports, pager, this::show);
    rpo = new RpoWatch(vm, memory.rpoOf(request.replicaId()), pager, cycle.log()::words);
    watch = new ReplicaWatch(request.replicaId(), vm, ports);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void replicate(ReplicationRequest request) {
    Workflow.upsertTypedSearchAttributes(
        Attributes.OPERATION.valueSet("replicate"), Attributes.VM.valueSet(vm));
    Async.procedure(rpo::run);
    // Whoever waits for a cycle gets it before the history is cut.
    for (int cycles = 0; !isLongEnough(cycles) || !Workflow.isEveryHandlerFinished(); cycles++) {
      Instant begun = RunClock.now();
      int serving = calls.asked();
      if (!watch.look()) {
        cycle
            .log()
            .failed("the registry did not say how the replica is to be found; it is asked again");
        Workflow.sleep(ports.pace().heartbeat());
        continue;
      }
      boolean isAsked = calls.isCalled();
      CycleStart start = begin(request);
      if (start == null) {
        calls.end();
        rpo.stop();
        Workflow.await(Workflow::isEveryHandlerFinished);
        return;
      }
      rpo.follow(start.rpo());
      CyclePlan plan = start.plan();
      if (plan != null) {
        RestorePoint made = cycle.run(plan);
        if (made != null) {
          rpo.made(made.takenAt(), start.rpoObjective());
        }
      } else {
        cycle.log().waitFor(start.waitingFor());
        leaveToGroup(start.group(), isAsked);
      }
      calls.answered(serving);
      calls.restUntil(
          plan == null
              ? begun.plus(start.group().isEmpty() ? start.lookEvery() : LEFT_TO_GROUP)
              : Spread.next(request.replicaId(), start.interval(), begun));
    }
    rpo.stop();
    pager.awaitCalls();
    Workflow.continueAsNew(
        request.next(new LoopMemory(Map.of(request.replicaId(), rpo.memory()), pager.told())));
  }

  @Override
  public ReplicationStatus replicateNow() {
    calls.awaitCycle();
    return cycle.log().status();
  }

  @Override
  public void wake() {
    calls.wake();
  }

  @Override
  public void progressed(Progress news) {
    cycle.log().progressed(news);
  }

  @Override
  public ReplicationStatus status() {
    return cycle.log().status();
  }

  /**
   * Asks the registry whether a cycle may begin; a registry that is away is asked again, an
   * unprotected replica ends the loop.
   */
  private @Nullable CycleStart begin(ReplicationRequest request) {
    while (true) {
      calls.look();
      try {
        return ports
            .cycles("May a cycle of " + vm + " begin?")
            .beginCycle(
                new BeginCycle(
                    request.replicaId(),
                    "",
                    new Question(Workflow.getInfo().getRunId(), ++questions)));
      } catch (ActivityFailure failure) {
        Cancellation.rethrow(failure);
        FaultException fault = Failures.toFault(failure);
        if (fault.fault() == Fault.REFUSED) {
          cycle.log().waitFor(fault.sentence());
          return null;
        }
        cycle.log().failed(fault.sentence());
        calls.restUntil(RunClock.now().plus(ports.pace().heartbeat()));
      }
    }
  }

  /**
   * The group's loop runs this replica's cycles: it must be there, and hears what was asked here.
   */
  private void leaveToGroup(String group, boolean isAsked) {
    if (group.isEmpty()) {
      return;
    }
    try {
      ports
          .replication("Is the loop of group " + group + " there?")
          .wakeGroup(new WakeGroup(group, isAsked));
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      cycle.log().failed(Failures.toFault(failure).sentence());
    }
  }

  private void show() {
    ReplicationStatus now = cycle.log().status();
    Workflow.setCurrentDetails(
        "**replicate · %s**\n\ncycle %d: %s%s"
            .formatted(
                Details.escaped(now.vm()),
                now.cycle(),
                Details.escaped(now.phase()),
                now.problem().isEmpty() ? "" : "\n\n" + Details.escaped(now.problem())));
  }

  private static boolean isLongEnough(int cycles) {
    return cycles >= CYCLES_PER_RUN || Workflow.getInfo().isContinueAsNewSuggested();
  }
}
