package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultException;
import io.switchback.model.RestorePoint;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.CycleActivities.Question;
import io.switchback.port.GroupActivities.CompleteGroupCycle;
import io.switchback.port.GroupActivities.GroupEnd;
import io.switchback.port.GroupActivities.GroupMember;
import io.switchback.port.GroupActivities.GroupStart;
import io.switchback.port.GroupActivities.Part;
import io.switchback.port.GroupSnapshotActivities.CreateGroupSnapshot;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One cycle of a group, step by step. A member that cannot take part keeps nobody from a restore
 * point of his own; it keeps the group from one.
 */
final class GroupCycle {
  private final String group;
  private final GroupStart start;
  private final Ports ports;
  private final Function<GroupMember, GroupMemberLoop> loops;
  private final Map<GroupMember, CyclePlan> plans = new LinkedHashMap<>();
  private final Map<GroupMember, String> missing = new LinkedHashMap<>();

  GroupCycle(
      String group, GroupStart start, Ports ports, Function<GroupMember, GroupMemberLoop> loops) {
    this.group = group;
    this.start = start;
    this.ports = ports;
    this.loops = loops;
  }

  GroupEnd run() {
    each(start.members(), this::begin); //                            1
    each(List.copyOf(plans.keySet()), this::prepare); //              2
    Map<GroupMember, Snapshot> snapshots = snapshotTogether(); //     3
    Map<GroupMember, RestorePoint> points = new LinkedHashMap<>();
    each(
        List.copyOf(snapshots.keySet()),
        member -> replicate(member, requireNonNull(snapshots.get(member)), points)); // 4
    return ports //                                                   5
        .groups("Is the restore point of group " + group + " whole?")
        .completeGroupCycle(
            new CompleteGroupCycle(
                group,
                start.number(),
                start.members().stream()
                    .filter(points::containsKey)
                    .map(member -> new Part(member.replicaId(), requireNonNull(points.get(member))))
                    .toList(),
                start.members().stream()
                    .filter(missing::containsKey)
                    .map(member -> "'" + member.vm() + "': " + missing.get(member))
                    .toList()));
  }

  private void begin(GroupMember member) {
    ReplicationCycle cycle = loops.apply(member).cycle();
    new ReplicaWatch(member.replicaId(), member.vm(), ports).look();
    try {
      CycleStart begun =
          ports
              .cycles("May a cycle of " + member.vm() + " begin?")
              .beginCycle(
                  new BeginCycle(
                      member.replicaId(),
                      group,
                      new Question(Workflow.getInfo().getRunId(), start.number())));
      loops.apply(member).begun(begun);
      CyclePlan plan = begun.plan();
      if (plan == null) {
        cycle.log().waitFor(begun.waitingFor());
        missing.put(member, begun.waitingFor());
      } else {
        plans.put(member, plan);
      }
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      String why = Failures.toFault(failure).sentence();
      cycle.log().failed(why);
      missing.put(member, why);
    }
  }

  private void prepare(GroupMember member) {
    if (!loops.apply(member).cycle().prepare(plan(member))) {
      comesToNothing(member);
    }
  }

  /** The one moment that all parts of the group's restore point are of. */
  private Map<GroupMember, Snapshot> snapshotTogether() {
    List<GroupMember> ready = List.copyOf(plans.keySet());
    Map<GroupMember, Snapshot> taken = new LinkedHashMap<>();
    if (ready.isEmpty()) {
      return taken;
    }
    try {
      List<Snapshot> snapshots =
          ports
              .groupSnapshots(
                  plan(ready.getFirst()).replica().production().site(),
                  "Snapshot group " + group + " for cycle " + start.number())
              .createGroupSnapshot(
                  new CreateGroupSnapshot(
                      group,
                      ready.stream()
                          .map(member -> loops.apply(member).cycle().member(plan(member)))
                          .toList(),
                      plans.values().stream().anyMatch(CyclePlan::quiesced)))
              .snapshots();
      for (int i = 0; i < ready.size(); i++) {
        taken.put(ready.get(i), snapshots.get(i));
      }
    } catch (ActivityFailure failure) {
      FaultException fault = Failures.toFault(failure);
      Workflow.newDetachedCancellationScope(() -> each(ready, member -> abandon(member, fault)))
          .run();
      Cancellation.rethrow(failure);
    }
    return taken;
  }

  private void abandon(GroupMember member, FaultException fault) {
    loops.apply(member).cycle().abandon(plan(member), fault);
    comesToNothing(member);
  }

  private void replicate(
      GroupMember member, Snapshot snapshot, Map<GroupMember, RestorePoint> points) {
    RestorePoint point = loops.apply(member).cycle().replicate(plan(member), snapshot);
    if (point == null) {
      comesToNothing(member);
    } else {
      points.put(member, point);
      loops.apply(member).made(point);
    }
  }

  private void comesToNothing(GroupMember member) {
    plans.remove(member);
    String problem = loops.apply(member).cycle().log().problem();
    missing.put(member, problem.isEmpty() ? "an operation preempted its cycle" : problem);
  }

  private CyclePlan plan(GroupMember member) {
    return requireNonNull(plans.get(member));
  }

  /** Runs it for all at once and waits for all. */
  private static void each(
      List<GroupMember> members, java.util.function.Consumer<GroupMember> step) {
    List<Promise<Void>> running = new ArrayList<>();
    members.forEach(member -> running.add(Async.procedure(() -> step.accept(member))));
    running.forEach(Promise::get);
  }
}
