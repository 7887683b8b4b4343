package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.CycleActivities.AbandonCycle;
import io.switchback.port.CycleActivities.CarriedShape;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.GroupSnapshotActivities.GroupMember;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.switchback.port.TransferActivities.Transferred;
import io.switchback.port.VmActivities.LookAtVm;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One replication cycle, step by step. It carries the epoch that it read at its start: a claim made
 * since then fences it off at the sink, and it ends as if it had not begun.
 *
 * <p>A loop of one VM runs the whole of it; a loop of a group runs the part before the snapshot for
 * all members, takes their snapshots at one moment, and then runs the rest for each.
 */
final class ReplicationCycle {
  private static final long STEPS_PER_CYCLE = 1000;

  /** Of a disk all of which was compared, or copied. */
  private static final Set<String> IN_FULL = Set.of("FULL_COMPARISON", "FULL_COPY");

  private final Ports ports;
  private final LoopPager pager;
  private final CycleLog log;
  private final ShapeCarrier shapes;
  private final SheetWriter sheets;
  private final CycleTransfers transfers;
  private final CycleSnapshots snapshots;
  private final @Nullable Supplier<Mandate> operation;
  private long stepsTaken;
  private Instant begun = Instant.EPOCH;
  private @Nullable CarriedShape carried;
  private @Nullable FaultException fault;

  /**
   * Cycles of a loop.
   *
   * @param shown called whenever there is something new to show
   */
  ReplicationCycle(String vm, Ports ports, LoopPager pager, Runnable shown) {
    this(vm, ports, pager, shown, null);
  }

  /**
   * @param operation that holds the replica and runs the cycles itself: makes the mandate for each
   *     thing that a cycle changes; null when a loop runs them
   */
  ReplicationCycle(
      String vm,
      Ports ports,
      LoopPager pager,
      Runnable shown,
      @Nullable Supplier<Mandate> operation) {
    this.operation = operation;
    this.ports = ports;
    this.pager = pager;
    this.log = new CycleLog(vm, shown);
    this.shapes = new ShapeCarrier(ports);
    this.sheets = new SheetWriter(ports);
    this.transfers = new CycleTransfers(ports, this::mandate, log);
    this.snapshots = new CycleSnapshots(ports, this::mandate, log);
  }

  /** What people see of it. */
  CycleLog log() {
    return log;
  }

  /** Runs the cycle to its restore point; null when it came to nothing. */
  @Nullable RestorePoint run(CyclePlan plan) {
    begin(plan);
    // First of all: who waits here for long must not keep a snapshot at production meanwhile, nor
    // go by what production was made of when the wait began.
    if (!isDone(plan, () -> transfers.awaitPlace(plan)) || !prepare(plan)) {
      return null;
    }
    Snapshot production = orNothing(plan, () -> snapshots.takeOfProduction(plan));
    return production == null ? null : replicate(plan, production);
  }

  /**
   * Runs the cycle to its restore point.
   *
   * @throws FaultException why it came to nothing; production keeps no snapshot of it then
   */
  RestorePoint runOrFail(CyclePlan plan) {
    fault = null;
    RestorePoint made = run(plan);
    FaultException why = fault;
    if (made == null) {
      throw why == null
          ? new FaultException(Fault.UNEXPECTED, "Could not replicate '" + log.vm() + "'.")
          : why;
    }
    return made;
  }

  /**
   * The steps before production's snapshot.
   *
   * @return false when the cycle came to nothing
   */
  boolean prepare(CyclePlan plan) {
    begin(plan);
    return isDone(
        plan,
        () -> {
          log.show("looks what production is made of");
          VmProfile profile = shapes.describe(plan.replica()); //  3
          transfers.findSource(plan);
          snapshots.removeLeftBehind(plan);
          prepareReplica(plan);
          carryShape(plan, profile);
        });
  }

  private void begin(CyclePlan plan) {
    log.begin(plan.replica().name(), plan.number());
    stepsTaken = 0;
    begun = RunClock.now();
    carried = null;
  }

  private void carryShape(CyclePlan plan, VmProfile profile) {
    CarriedShape now = shapes.carry(plan, profile, () -> mandate(plan, "reshape"));
    carried = now;
    if (now != null) {
      log.renamed(now.shape().name());
    }
  }

  /** How a group's snapshot takes this VM's. */
  GroupMember member(CyclePlan plan) {
    log.show("is snapshotted with its group");
    return new GroupMember(
        mandate(plan, "snapshotProduction"),
        plan.replica().production(),
        CycleSnapshots.name(plan));
  }

  /** The steps after production's snapshot; null when the cycle came to nothing. */
  @Nullable RestorePoint replicate(CyclePlan plan, Snapshot production) {
    CycleEnd end = orNothing(plan, () -> transferAndRecord(plan, production));
    if (end == null) {
      return null;
    }
    log.problem("");
    pager.ended(log.vm(), "cycle");
    tidy(plan, end);
    writeSheet(plan);
    log.show("follows");
    return log.newest();
  }

  /** Ends the cycle without a restore point. */
  void abandon(CyclePlan plan, FaultException why) {
    fault = why;
    transfers.givePlaceBack();
    boolean preempted = why.fault() == Fault.FENCED;
    log.problem(preempted ? "" : why.sentence());
    log.show(
        preempted ? "preempted by an operation" : "cycle " + plan.number() + " came to nothing");
    if (operation == null && needsPerson(why)) {
      pager.tellOnce(log.vm(), "cycle", why.fault().name(), why.sentence());
    }
    // The snapshot is removed even when the copy failed: a forgotten one fills production's
    // datastore.
    unlessAway(plan, () -> snapshots.removeOfProduction(plan, CycleSnapshots.name(plan)));
    unlessAway(
        plan,
        () ->
            ports
                .cycles("Record why cycle " + plan.number() + " came to nothing")
                .abandonCycle(
                    new AbandonCycle(plan.replica().id(), plan.number(), why.sentence())));
    log.show(preempted ? "preempted by an operation" : "will be tried again");
  }

  /** What passes by itself is seen by the age of the newest restore point, should it last. */
  private static boolean needsPerson(FaultException fault) {
    return fault.fault().remedy() != Remedy.RETRY
        && fault.fault() != Fault.FENCED
        && fault.fault() != Fault.REFUSED
        && fault.fault() != Fault.NO_WORKER;
  }

  private boolean isDone(CyclePlan plan, Runnable steps) {
    return orNothing(
            plan,
            () -> {
              steps.run();
              return true;
            })
        != null;
  }

  private <T> @Nullable T orNothing(CyclePlan plan, Supplier<T> steps) {
    try {
      return steps.get();
    } catch (ActivityFailure | FaultException failure) {
      // Also when the loop is cancelled: production keeps no snapshot of ours.
      Workflow.newDetachedCancellationScope(() -> abandon(plan, Failures.toFault(failure))).run();
      Cancellation.rethrow(failure);
      return null;
    }
  }

  private CycleEnd transferAndRecord(CyclePlan plan, Snapshot production) {
    List<DiskPair> disks = disks(plan);
    transfers.refuseOthers(disks, production.changeIds().keySet()); //   3
    // The members of a group wait here: together their snapshots came first.
    transfers.awaitPlace(plan);
    List<Transferred> sent = transfers.send(plan, disks); //             4, 5
    transfers.givePlaceBack();
    log.show("makes the restore point");
    snapshots.takeOfReplica(plan); //                                  6
    RestorePoint point =
        new RestorePoint(
            "%s-%04d".formatted(log.vm(), plan.number()),
            CycleSnapshots.name(plan),
            production.takenAt(),
            production.consistency());
    CycleEnd end =
        ports
            .cycles("Record restore point " + point.id())
            .completeCycle(
                new CompleteCycle(
                    plan.replica().id(),
                    plan.number(),
                    plan.fence(),
                    point,
                    production.changeIds(),
                    CycleLog.bytes(sent),
                    Duration.between(begun, RunClock.now()),
                    sent.stream().allMatch(one -> IN_FULL.contains(one.rung())),
                    carried,
                    operation == null ? null : operation.get()));
    log.made(point, sent);
    tellMark();
    return end;
  }

  private void tellMark() {
    CarriedShape now = carried;
    if (now != null) {
      pager.ended(log.vm(), "shape");
      if (!now.mark().isEmpty()) {
        pager.tellOnce(log.vm(), "shape", Fault.SHAPE_CHANGED.name(), now.mark());
      }
    }
  }

  /** The restore point is made: what cannot be tidied up now is left to the next cycle. */
  private void tidy(CyclePlan plan, CycleEnd end) {
    List<String> left = new ArrayList<>();
    tidy(left, () -> snapshots.removeOfProduction(plan, CycleSnapshots.name(plan))); //   7
    // Each by itself: a drill may hold one of them for days.
    end.expired().forEach(expired -> tidy(left, () -> snapshots.expire(plan, expired)));
    if (!left.isEmpty()) {
      log.problem("could not tidy up after cycle " + plan.number() + ": " + String.join(" ", left));
    }
  }

  private static void tidy(List<String> left, Runnable step) {
    try {
      step.run();
    } catch (ActivityFailure later) {
      Cancellation.rethrow(later);
      left.add(Failures.toFault(later).sentence());
    }
  }

  private void writeSheet(CyclePlan plan) {
    String why = sheets.write(plan.replica(), mandate(plan, "writeSheet"));
    if (log.problem().isEmpty()) {
      log.problem(why);
    }
  }

  /** The pairs of disks as they are since the shape was carried over. */
  private List<DiskPair> disks(CyclePlan plan) {
    CarriedShape now = carried;
    return now == null ? plan.replica().disks() : now.disks();
  }

  /** A replica that runs is never written to; what an earlier cycle left half done is discarded. */
  private void prepareReplica(CyclePlan plan) {
    VmRef recovery = plan.replica().recovery();
    PowerState power =
        ports
            .vms(recovery.site(), "Is the replica of " + log.vm() + " off?")
            .lookAtVm(new LookAtVm(recovery))
            .power();
    if (power != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not replicate '%s': its replica is %s although it is READY. Power it off, or adopt it."
              .formatted(log.vm(), power));
    }
    RestorePoint point = plan.newest();
    if (point != null) {
      ports
          .snapshots(recovery.site(), "Discard what a cycle left half done of " + log.vm())
          .revertToSnapshot(
              new ChangeSnapshot(mandate(plan, "discardHalfDone"), recovery, point.snapshot()));
    }
    if (point == null
        ? plan.number() > 1
        : !point.snapshot().equals(CycleSnapshots.nameOfTheOneBefore(plan))) {
      snapshots.removeUnrecorded(plan);
    }
  }

  private void unlessAway(CyclePlan plan, Runnable cleanUp) {
    try {
      cleanUp.run();
    } catch (ActivityFailure later) {
      Workflow.getLogger(ReplicationCycle.class)
          .warn(
              "could not clean up after a cycle, vm={} cycle={}: {}",
              log.vm(),
              plan.number(),
              Failures.toFault(later).sentence());
    }
  }

  private Mandate mandate(CyclePlan plan, String step) {
    if (operation != null) {
      return operation.get();
    }
    // The cycle's number stands in place of the step number, and the cycle's own steps are counted
    // within it, so that a step's first attempt is above the last attempt of
    // the step before.
    Fence fence = plan.fence().atStep(plan.number() * STEPS_PER_CYCLE + ++stepsTaken);
    return new Mandate("cycle/" + plan.replica().id() + "/" + plan.number(), step, fence);
  }
}
