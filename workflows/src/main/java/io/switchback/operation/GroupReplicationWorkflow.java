package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.GroupActivities.BeginGroupCycle;
import io.switchback.port.GroupActivities.GroupEnd;
import io.switchback.port.GroupActivities.GroupMember;
import io.switchback.port.GroupActivities.GroupPoint;
import io.switchback.port.GroupActivities.GroupStart;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The loop around {@link GroupCycle}. */
public final class GroupReplicationWorkflow implements GroupReplication {
  /** A history of about so many members' cycles is long enough. */
  private static final int MEMBER_CYCLES_PER_RUN = 100;

  private final String group;
  private final Ports ports;
  private final LoopMemory memory;
  private final LoopPager pager;
  private final Map<String, GroupMemberLoop> loops = new LinkedHashMap<>();
  private final LoopCalls calls = new LoopCalls();
  private long number;
  private int memberCycles;
  private @Nullable GroupPoint newest;
  private String problem = "";

  @WorkflowInit
  public GroupReplicationWorkflow(GroupReplicationRequest request) {
    group = request.group();
    ports = new Ports(request.pace());
    memory = request.memory();
    pager = new LoopPager(ports, memory.told());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void replicate(GroupReplicationRequest request) {
    Workflow.upsertTypedSearchAttributes(
        Attributes.OPERATION.valueSet("replicate"), Attributes.VM.valueSet(group));
    // Whoever waits for a cycle gets it before the history is cut.
    while (!isLongEnough() || !Workflow.isEveryHandlerFinished()) {
      Instant begun = RunClock.now();
      int serving = calls.asked();
      GroupStart start = begin();
      if (start == null) {
        calls.end();
        loops.values().forEach(loop -> loop.rpo().stop());
        Workflow.await(Workflow::isEveryHandlerFinished);
        return;
      }
      // Members come and go, and with them the sites that the group is replicated to.
      ports.follow(start.pace());
      number = start.number();
      memberCycles += start.members().size();
      leaveOut(start.members());
      end(new GroupCycle(group, start, ports, this::loop));
      calls.answered(serving);
      calls.restUntil(Spread.next(group, start.interval(), begun));
    }
    loops.values().forEach(loop -> loop.rpo().stop());
    pager.awaitCalls();
    Workflow.continueAsNew(request.next(ports.pace(), remembered()));
  }

  private void end(GroupCycle cycle) {
    try {
      GroupEnd end = cycle.run();
      GroupPoint made = end.point();
      problem = end.reason();
      if (made != null) {
        newest = made;
        pager.ended(group, "group");
      }
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      problem = Failures.toFault(failure).sentence();
    }
    if (!problem.isEmpty()) {
      pager.tellOnce(
          group,
          "group",
          Fault.CHECK_FAILED.name(),
          "group '%s' got no restore point in cycle %d: %s".formatted(group, number, problem));
    }
    show();
  }

  private @Nullable GroupStart begin() {
    while (true) {
      calls.look();
      try {
        return ports
            .groups("Which VMs are in group " + group + "?")
            .beginGroupCycle(new BeginGroupCycle(group));
      } catch (ActivityFailure failure) {
        Cancellation.rethrow(failure);
        FaultException fault = Failures.toFault(failure);
        problem = fault.sentence();
        show();
        if (fault.fault() == Fault.REFUSED) {
          return null;
        }
        calls.restUntil(RunClock.now().plus(ports.pace().heartbeat()));
      }
    }
  }

  private GroupMemberLoop loop(GroupMember member) {
    return loops.computeIfAbsent(member.replicaId(), id -> newLoop(member));
  }

  private GroupMemberLoop newLoop(GroupMember member) {
    ReplicationCycle cycle = new ReplicationCycle(member.vm(), ports, pager, this::show);
    RpoWatch rpo =
        new RpoWatch(member.vm(), memory.rpoOf(member.replicaId()), pager, cycle.log()::words);
    Async.procedure(rpo::run);
    return new GroupMemberLoop(cycle, rpo);
  }

  /** Who has left the group is watched by its own loop. */
  private void leaveOut(List<GroupMember> members) {
    Set<String> present = members.stream().map(GroupMember::replicaId).collect(Collectors.toSet());
    for (String replicaId : List.copyOf(loops.keySet())) {
      if (!present.contains(replicaId)) {
        GroupMemberLoop gone = loops.remove(replicaId);
        if (gone != null) {
          gone.rpo().stop();
        }
      }
    }
  }

  private LoopMemory remembered() {
    Map<String, RpoMemory> rpo = new LinkedHashMap<>();
    loops.forEach((replicaId, loop) -> rpo.put(replicaId, loop.rpo().memory()));
    return new LoopMemory(rpo, pager.told());
  }

  @Override
  public GroupReplicationStatus replicateNow() {
    calls.awaitCycle();
    return status();
  }

  @Override
  public void wake() {
    calls.wake();
  }

  @Override
  public void progressed(Progress news) {
    loops.values().forEach(loop -> loop.cycle().log().progressed(news));
  }

  @Override
  public GroupReplicationStatus status() {
    return new GroupReplicationStatus(
        group,
        number,
        newest,
        problem,
        loops.values().stream().map(loop -> loop.cycle().log().status()).toList());
  }

  private void show() {
    StringBuilder text =
        new StringBuilder("**replicate · group %s**\n\n".formatted(Details.escaped(group)));
    loops
        .values()
        .forEach(
            loop -> {
              ReplicationStatus member = loop.cycle().log().status();
              text.append(
                  "* %s: %s\n"
                      .formatted(
                          Details.escaped(member.vm()),
                          Details.escaped(loop.cycle().log().words())));
            });
    Workflow.setCurrentDetails(text + (problem.isEmpty() ? "" : "\n\n" + Details.escaped(problem)));
  }

  private boolean isLongEnough() {
    return memberCycles >= MEMBER_CYCLES_PER_RUN || Workflow.getInfo().isContinueAsNewSuggested();
  }
}
