package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.port.CycleActivities.AbandonCycle;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import io.switchback.port.VmActivities.LookAtVm;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One replication cycle, step by step. It carries the epoch that it read at its start: a claim made
 * since then fences it off at the sink, and it ends as if it had not begun.
 */
final class ReplicationCycle {
  private static final long STEPS_PER_CYCLE = 1000;

  private final Ports ports;
  private final SheetWriter sheets;
  private final String vm;
  private String phase = "begins";
  private long number;
  private long stepsTaken;
  private @Nullable RestorePoint newest;
  private long sentBytes;
  private List<String> rungs = List.of();
  private String problem = "";

  ReplicationCycle(ReplicationRequest request, Ports ports) {
    this.vm = request.vm();
    this.ports = ports;
    this.sheets = new SheetWriter(ports);
  }

  ReplicationStatus status() {
    return new ReplicationStatus(vm, phase, number, newest, sentBytes, rungs, problem, now());
  }

  void waitFor(String what) {
    show("waits: " + what);
  }

  void failed(String why) {
    problem = why;
    show("will be tried again");
  }

  /** Runs the cycle to its restore point, or to nothing. */
  void run(CyclePlan plan) {
    number = plan.number();
    stepsTaken = 0;
    String name = snapshots(plan) + plan.number();
    CycleEnd end;
    try {
      end = steps(plan, name);
    } catch (ActivityFailure | FaultException failure) {
      // Also when the loop is cancelled: production keeps no snapshot of ours.
      Workflow.newDetachedCancellationScope(() -> abandon(plan, name, Failures.toFault(failure)))
          .run();
      if (failure.getCause() instanceof CanceledFailure cancelled) {
        throw cancelled;
      }
      return;
    }
    problem = "";
    tidy(plan, name, end);
    writeSheet(plan);
    show("follows");
  }

  private CycleEnd steps(CyclePlan plan, String name) {
    Replica replica = plan.replica();
    Instant begun = now();
    removeLeftBehind(plan);
    prepareReplica(plan);
    show("snapshots production");
    Snapshot production = //                                          2
        ports
            .snapshots(replica.production().site(), "Snapshot " + vm + " for cycle " + number)
            .createSnapshot(
                new CreateSnapshot(
                    mandate(plan, "snapshotProduction"),
                    replica.production(),
                    name,
                    plan.quiesced()));
    refuseOtherShape(replica, production.changeIds().keySet()); //    3
    List<Transferred> sent = new ArrayList<>();
    for (DiskPair disk : replica.disks()) { //                        3, 4, 5
      show("sends disk " + disk.productionDisk());
      sent.add(transfer(plan, name, disk));
    }
    show("makes the restore point");
    ports //                                                          6
        .snapshots(replica.recovery().site(), "Restore point of " + vm + ", cycle " + number)
        .createSnapshot(
            new CreateSnapshot(mandate(plan, "snapshotReplica"), replica.recovery(), name, false));
    RestorePoint point =
        new RestorePoint(
            "%s-%04d".formatted(vm, plan.number()),
            name,
            production.takenAt(),
            production.consistency());
    CycleEnd end =
        ports
            .cycles("Record restore point " + point.id())
            .completeCycle(
                new CompleteCycle(
                    replica.id(),
                    plan.number(),
                    plan.fence(),
                    point,
                    production.changeIds(),
                    sent.stream().mapToLong(Transferred::sentBytes).sum(),
                    Duration.between(begun, now())));
    newest = point;
    sentBytes = sent.stream().mapToLong(Transferred::sentBytes).sum();
    rungs = sent.stream().map(t -> t.disk() + ": " + t.rung() + ", " + t.reason()).toList();
    return end;
  }

  /** The restore point is made: what cannot be tidied up now is left to the next cycle. */
  private void tidy(CyclePlan plan, String name, CycleEnd end) {
    try {
      removeProductionSnapshot(plan, name); //                        7
      end.expired().forEach(expired -> expire(plan, expired));
    } catch (ActivityFailure later) {
      if (later.getCause() instanceof CanceledFailure cancelled) {
        throw cancelled;
      }
      problem =
          "could not tidy up after cycle " + number + ": " + Failures.toFault(later).sentence();
    }
  }

  private void writeSheet(CyclePlan plan) {
    String why = sheets.write(plan.replica(), mandate(plan, "writeSheet"));
    problem = problem.isEmpty() ? why : problem;
  }

  /** Production keeps no snapshot of a cycle that could not remove its own. */
  private void removeLeftBehind(CyclePlan plan) {
    show("looks for snapshots left behind");
    VmRef production = plan.replica().production();
    ports
        .snapshots(production.site(), "Did a cycle leave a snapshot of " + vm + " behind?")
        .listSnapshots(new ListSnapshots(production))
        .names()
        .stream()
        .filter(left -> left.startsWith(snapshots(plan)))
        .forEach(left -> removeProductionSnapshot(plan, left));
  }

  /**
   * A disk that production has gained or lost would be a silent gap in every restore point from now
   * on: the cycle ends with the reason instead. A disk that has grown is refused by its transfer.
   */
  private void refuseOtherShape(Replica replica, Set<String> atProduction) {
    Set<String> followed = new TreeSet<>();
    replica.disks().forEach(disk -> followed.add(disk.productionDisk()));
    // A platform that does not track changes names no disks with its snapshot.
    if (!atProduction.isEmpty() && !atProduction.equals(followed)) {
      throw new FaultException(
          Fault.SHAPE_CHANGED,
          "Could not replicate '%s': production has the disks %s, its replica follows %s. Enrol the VM again with its disks."
              .formatted(vm, new TreeSet<>(atProduction), followed));
    }
  }

  /** How the names of all snapshots for this replica begin. */
  private static String snapshots(CyclePlan plan) {
    return "switchback-" + plan.replica().id() + "-";
  }

  /** A replica that runs is never written to; what an earlier cycle left half done is discarded. */
  private void prepareReplica(CyclePlan plan) {
    Replica replica = plan.replica();
    PowerState power =
        ports
            .vms(replica.recovery().site(), "Is the replica of " + vm + " off?")
            .lookAtVm(new LookAtVm(replica.recovery()))
            .power();
    if (power != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not replicate '%s': its replica is %s although it is READY. Power it off, or adopt it."
              .formatted(vm, power));
    }
    RestorePoint point = plan.newest();
    if (point != null) {
      ports
          .snapshots(replica.recovery().site(), "Discard what a cycle left half done of " + vm)
          .revertToSnapshot(
              new ChangeSnapshot(
                  mandate(plan, "discardHalfDone"), replica.recovery(), point.snapshot()));
    }
  }

  private Transferred transfer(CyclePlan plan, String snapshot, DiskPair disk) {
    Replica replica = plan.replica();
    return ports
        .transfers(replica.recovery().site(), "Send " + vm + ", disk " + disk.productionDisk())
        .transferDisk(
            new TransferDisk(
                mandate(plan, "transfer"),
                replica.production(),
                snapshot,
                replica.recovery(),
                disk,
                plan.changeIds().get(disk.productionDisk()),
                plan.seeded() && plan.newest() == null));
  }

  private void removeProductionSnapshot(CyclePlan plan, String name) {
    show("removes production's snapshot");
    ports
        .snapshots(
            plan.replica().production().site(), "Remove " + vm + "'s snapshot of cycle " + number)
        .removeSnapshot(
            new ChangeSnapshot(mandate(plan, "removeSnapshot"), plan.replica().production(), name));
  }

  private void expire(CyclePlan plan, RestorePoint expired) {
    show("lets " + expired.id() + " go");
    ports
        .snapshots(plan.replica().recovery().site(), "Let restore point " + expired.id() + " go")
        .removeSnapshot(
            new ChangeSnapshot(
                mandate(plan, "expire"), plan.replica().recovery(), expired.snapshot()));
    ports
        .cycles("Forget restore point " + expired.id())
        .forgetRestorePoint(new ForgetRestorePoint(plan.replica().id(), expired.id()));
  }

  private void abandon(CyclePlan plan, String name, FaultException fault) {
    boolean preempted = fault.fault() == Fault.FENCED;
    problem = preempted ? "" : fault.sentence();
    show(preempted ? "preempted by an operation" : "cycle " + number + " came to nothing");
    // The snapshot is removed even when the copy failed: a forgotten one fills production's
    // datastore.
    unlessAway(() -> removeProductionSnapshot(plan, name));
    unlessAway(
        () ->
            ports
                .cycles("Record why cycle " + number + " came to nothing")
                .abandonCycle(
                    new AbandonCycle(plan.replica().id(), plan.number(), fault.sentence())));
    show(preempted ? "preempted by an operation" : "will be tried again");
  }

  private void unlessAway(Runnable cleanUp) {
    try {
      cleanUp.run();
    } catch (ActivityFailure later) {
      Workflow.getLogger(ReplicationCycle.class)
          .warn(
              "could not clean up after a cycle, vm={} cycle={}: {}",
              vm,
              number,
              Failures.toFault(later).sentence());
    }
  }

  private Mandate mandate(CyclePlan plan, String step) {
    // The cycle's number stands in place of the step number, and the cycle's own steps are counted
    // within it, so that a
    // step's first attempt is above the last attempt of the step before.
    Fence fence = plan.fence().atStep(plan.number() * STEPS_PER_CYCLE + ++stepsTaken);
    return new Mandate("cycle/" + plan.replica().id() + "/" + plan.number(), step, fence);
  }

  private void show(String now) {
    phase = now;
    Workflow.setCurrentDetails(
        "**replicate · "
            + Details.escaped(vm)
            + "**\n\ncycle "
            + number
            + ": "
            + Details.escaped(now)
            + (problem.isEmpty() ? "" : "\n\n" + Details.escaped(problem)));
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
