package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.CycleActivities.AbandonCycle;
import io.switchback.port.CycleActivities.CarriedShape;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.GroupMember;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.switchback.port.TransferActivities.Progress;
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
  private final Runnable shown;
  private final ShapeCarrier shapes;
  private final SheetWriter sheets;
  private final ProductionDisks source;
  private final CycleSnapshots snapshots;
  private final @Nullable Supplier<Mandate> operation;
  private String vm;
  private String phase = "begins";
  private long number;
  private long stepsTaken;
  private Instant begun = Instant.EPOCH;
  private @Nullable Transferring transferring;
  private @Nullable RestorePoint newest;
  private @Nullable CarriedShape carried;
  private @Nullable Sending sending;
  private long sentBytes;
  private List<String> rungs = List.of();
  private String problem = "";
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
    this.vm = vm;
    this.ports = ports;
    this.pager = pager;
    this.shown = shown;
    this.shapes = new ShapeCarrier(ports);
    this.sheets = new SheetWriter(ports);
    this.source = new ProductionDisks(ports);
    this.snapshots = new CycleSnapshots(ports, this::mandate, () -> this.vm, this::show);
  }

  ReplicationStatus status() {
    return new ReplicationStatus(vm, phase(), number, newest, sentBytes, rungs, problem, now());
  }

  /** What it does, and why the last one came to nothing. */
  String words() {
    return "cycle " + number + ": " + phase() + (problem.isEmpty() ? "" : "; " + problem);
  }

  /**
   * The transfer that runs.
   *
   * @param progress what it told last; null before it did
   */
  private record Sending(VmRef replica, String disk, @Nullable Progress progress) {}

  private String phase() {
    Sending now = sending;
    Progress told = now == null ? null : now.progress();
    return told == null ? phase : phase + ": " + told.words();
  }

  /** Shows it, when it is of the transfer that runs: others are late. */
  void progressed(Progress news) {
    Sending now = sending;
    if (now != null && now.replica().equals(news.replica()) && now.disk().equals(news.disk())) {
      sending = new Sending(now.replica(), now.disk(), news);
      shown.run();
    }
  }

  void waitFor(String what) {
    show("waits: " + what);
  }

  void failed(String why) {
    problem = why;
    show("will be tried again");
  }

  /** Runs the cycle to its restore point; null when it came to nothing. */
  @Nullable RestorePoint run(CyclePlan plan) {
    begin(plan);
    // First of all: who waits here for long must not keep a snapshot at production meanwhile, nor
    // go by what production was made of when the wait began.
    if (orNothing(plan, () -> awaitPlace(plan)) == null || !prepare(plan)) {
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
          ? new FaultException(Fault.UNEXPECTED, "Could not replicate '" + vm + "'.")
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
    Boolean prepared =
        orNothing(
            plan,
            () -> {
              show("looks what production is made of");
              VmProfile profile = shapes.describe(plan.replica()); //  3
              source.find(plan.replica().production());
              snapshots.removeLeftBehind(plan);
              prepareReplica(plan);
              carryShape(plan, profile);
              return true;
            });
    return prepared != null;
  }

  private void begin(CyclePlan plan) {
    number = plan.number();
    vm = plan.replica().name();
    stepsTaken = 0;
    begun = now();
    carried = null;
  }

  private boolean awaitPlace(CyclePlan plan) {
    Transferring own = transferring;
    if (own == null) {
      own = new Transferring(ports, plan.replica());
      transferring = own;
    }
    own.begin(this::show);
    return true;
  }

  private void givePlaceBack() {
    Transferring own = transferring;
    transferring = null;
    if (own != null) {
      own.end();
    }
  }

  private void carryShape(CyclePlan plan, VmProfile profile) {
    CarriedShape now = shapes.carry(plan, profile, () -> mandate(plan, "reshape"));
    carried = now;
    vm = now == null ? vm : now.shape().name();
  }

  /** How a group's snapshot takes this VM's. */
  GroupMember member(CyclePlan plan) {
    show("is snapshotted with its group");
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
    problem = "";
    pager.ended(vm, "cycle");
    tidy(plan, end);
    writeSheet(plan);
    show("follows");
    return newest;
  }

  /** Ends the cycle without a restore point. */
  void abandon(CyclePlan plan, FaultException why) {
    fault = why;
    givePlaceBack();
    boolean preempted = why.fault() == Fault.FENCED;
    problem = preempted ? "" : why.sentence();
    show(preempted ? "preempted by an operation" : "cycle " + number + " came to nothing");
    if (operation == null && needsPerson(why)) {
      pager.tellOnce(vm, "cycle", why.fault().name(), why.sentence());
    }
    // The snapshot is removed even when the copy failed: a forgotten one fills production's
    // datastore.
    unlessAway(() -> snapshots.removeOfProduction(plan, CycleSnapshots.name(plan)));
    unlessAway(
        () ->
            ports
                .cycles("Record why cycle " + number + " came to nothing")
                .abandonCycle(
                    new AbandonCycle(plan.replica().id(), plan.number(), why.sentence())));
    show(preempted ? "preempted by an operation" : "will be tried again");
  }

  /** What passes by itself is seen by the age of the newest restore point, should it last. */
  private static boolean needsPerson(FaultException fault) {
    return fault.fault().remedy() != Remedy.RETRY
        && fault.fault() != Fault.FENCED
        && fault.fault() != Fault.REFUSED
        && fault.fault() != Fault.NO_WORKER;
  }

  private <T> @Nullable T orNothing(CyclePlan plan, Supplier<T> steps) {
    try {
      return steps.get();
    } catch (ActivityFailure | FaultException failure) {
      // Also when the loop is cancelled: production keeps no snapshot of ours.
      Workflow.newDetachedCancellationScope(() -> abandon(plan, Failures.toFault(failure))).run();
      if (failure.getCause() instanceof CanceledFailure cancelled) {
        throw cancelled;
      }
      return null;
    }
  }

  private CycleEnd transferAndRecord(CyclePlan plan, Snapshot production) {
    VmRef recovery = plan.replica().recovery();
    refuseOtherDisks(plan, production.changeIds().keySet()); //        3
    List<Transferred> sent = new ArrayList<>();
    // The members of a group wait here: together their snapshots came first.
    var _ = awaitPlace(plan);
    for (DiskPair disk : disks(plan)) { //                             4, 5
      show("sends disk " + disk.productionDisk());
      sending = new Sending(recovery, disk.recoveryDisk(), null);
      sent.add(transfer(plan, disk));
    }
    givePlaceBack();
    show("makes the restore point");
    snapshots.takeOfReplica(plan); //                                  6
    RestorePoint point =
        new RestorePoint(
            "%s-%04d".formatted(vm, plan.number()),
            CycleSnapshots.name(plan),
            production.takenAt(),
            production.consistency());
    long bytes = sent.stream().mapToLong(Transferred::sentBytes).sum();
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
                    bytes,
                    Duration.between(begun, now()),
                    sent.stream().allMatch(one -> IN_FULL.contains(one.rung())),
                    carried,
                    operation == null ? null : operation.get()));
    newest = point;
    sentBytes = bytes;
    rungs =
        sent.stream()
            .map(t -> t.disk() + ": " + t.rung() + ", " + t.reason() + "; " + t.way())
            .toList();
    tellMark();
    return end;
  }

  private void tellMark() {
    CarriedShape now = carried;
    if (now != null) {
      pager.ended(vm, "shape");
      if (!now.mark().isEmpty()) {
        pager.tellOnce(vm, "shape", Fault.SHAPE_CHANGED.name(), now.mark());
      }
    }
  }

  /** The restore point is made: what cannot be tidied up now is left to the next cycle. */
  private void tidy(CyclePlan plan, CycleEnd end) {
    try {
      snapshots.removeOfProduction(plan, CycleSnapshots.name(plan)); //                   7
      end.expired().forEach(expired -> snapshots.expire(plan, expired));
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

  /**
   * A disk that production has gained or lost since it was described would be a silent gap in the
   * restore point: the cycle ends with the reason instead, and the next one carries the disk over.
   */
  private void refuseOtherDisks(CyclePlan plan, Set<String> atProduction) {
    Set<String> followed = new TreeSet<>();
    disks(plan).forEach(disk -> followed.add(disk.productionDisk()));
    // A platform that does not track changes names no disks with its snapshot.
    if (!atProduction.isEmpty() && !atProduction.equals(followed)) {
      throw new FaultException(
          Fault.BUSY,
          "Could not replicate '%s': its disks changed while the cycle began, from %s to %s. The next cycle carries it over."
              .formatted(vm, followed, new TreeSet<>(atProduction)));
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
            .vms(recovery.site(), "Is the replica of " + vm + " off?")
            .lookAtVm(new LookAtVm(recovery))
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
          .snapshots(recovery.site(), "Discard what a cycle left half done of " + vm)
          .revertToSnapshot(
              new ChangeSnapshot(mandate(plan, "discardHalfDone"), recovery, point.snapshot()));
    }
    if (point == null
        ? plan.number() > 1
        : !point.snapshot().equals(CycleSnapshots.nameOfTheOneBefore(plan))) {
      snapshots.removeUnrecorded(plan);
    }
  }

  private Transferred transfer(CyclePlan plan, DiskPair disk) {
    Replica replica = plan.replica();
    // What changed since the newest point is all that differs only where that point has this very
    // disk: a new one, also one in another's place, is copied whole.
    boolean isKnown = replica.disks().contains(disk);
    String compare = isKnown ? plan.compare() : "";
    String since =
        isKnown && compare.isEmpty() ? plan.changeIds().get(disk.productionDisk()) : null;
    RestorePoint point = plan.newest();
    return source.send(
        "Send " + vm + ", disk " + disk.productionDisk(),
        () ->
            new TransferDisk(
                mandate(plan, "transfer"),
                replica.production(),
                CycleSnapshots.name(plan),
                replica.recovery(),
                disk,
                since,
                point == null ? null : point.snapshot(),
                compare,
                null));
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
    if (operation != null) {
      return operation.get();
    }
    // The cycle's number stands in place of the step number, and the cycle's own steps are counted
    // within it, so that a
    // step's first attempt is above the last attempt of the step before.
    Fence fence = plan.fence().atStep(plan.number() * STEPS_PER_CYCLE + ++stepsTaken);
    return new Mandate("cycle/" + plan.replica().id() + "/" + plan.number(), step, fence);
  }

  private void show(String now) {
    phase = now;
    sending = null;
    shown.run();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
