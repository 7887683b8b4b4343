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
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.GroupMember;
import io.switchback.port.SnapshotActivities.ListSnapshots;
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

  /**
   * @param shown called whenever there is something new to show
   */
  ReplicationCycle(String vm, Ports ports, LoopPager pager, Runnable shown) {
    this.vm = vm;
    this.ports = ports;
    this.pager = pager;
    this.shown = shown;
    this.shapes = new ShapeCarrier(ports);
    this.sheets = new SheetWriter(ports);
    this.source = new ProductionDisks(ports);
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
    Snapshot production = orNothing(plan, () -> snapshotProduction(plan));
    return production == null ? null : replicate(plan, production);
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
              removeLeftBehind(plan);
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
        mandate(plan, "snapshotProduction"), plan.replica().production(), name(plan));
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
  void abandon(CyclePlan plan, FaultException fault) {
    givePlaceBack();
    boolean preempted = fault.fault() == Fault.FENCED;
    problem = preempted ? "" : fault.sentence();
    show(preempted ? "preempted by an operation" : "cycle " + number + " came to nothing");
    if (needsPerson(fault)) {
      pager.tellOnce(vm, "cycle", fault.fault().name(), fault.sentence());
    }
    // The snapshot is removed even when the copy failed: a forgotten one fills production's
    // datastore.
    unlessAway(() -> removeProductionSnapshot(plan, name(plan)));
    unlessAway(
        () ->
            ports
                .cycles("Record why cycle " + number + " came to nothing")
                .abandonCycle(
                    new AbandonCycle(plan.replica().id(), plan.number(), fault.sentence())));
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

  private Snapshot snapshotProduction(CyclePlan plan) {
    show("snapshots production");
    VmRef production = plan.replica().production();
    return ports //                                                    2
        .snapshots(production.site(), "Snapshot " + vm + " for cycle " + number)
        .createSnapshot(
            new CreateSnapshot(
                mandate(plan, "snapshotProduction"), production, name(plan), plan.quiesced()));
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
    ports //                                                           6
        .snapshots(recovery.site(), "Restore point of " + vm + ", cycle " + number)
        .createSnapshot(
            new CreateSnapshot(mandate(plan, "snapshotReplica"), recovery, name(plan), false));
    RestorePoint point =
        new RestorePoint(
            "%s-%04d".formatted(vm, plan.number()),
            name(plan),
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
                    carried));
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
      removeProductionSnapshot(plan, name(plan)); //                   7
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

  /**
   * Production keeps no snapshot of a cycle that could not remove its own, nor does the replica.
   */
  private void removeLeftBehind(CyclePlan plan) {
    show("looks for snapshots left behind");
    VmRef production = plan.replica().production();
    left(production, plan).forEach(left -> removeProductionSnapshot(plan, left));
  }

  private List<String> left(VmRef at, CyclePlan plan) {
    return ports
        .snapshots(at.site(), "Did a cycle leave a snapshot of " + at.name() + " behind?")
        .listSnapshots(new ListSnapshots(at))
        .names()
        .stream()
        .filter(left -> left.startsWith(prefix(plan)))
        .toList();
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
    if (point == null ? plan.number() > 1 : !point.snapshot().equals(prefix(plan) + (number - 1))) {
      removeUnrecorded(plan);
    }
  }

  /** A snapshot of the replica that was made and never recorded is nobody's restore point. */
  private void removeUnrecorded(CyclePlan plan) {
    VmRef recovery = plan.replica().recovery();
    left(recovery, plan).stream()
        .filter(left -> !plan.snapshots().contains(left))
        .forEach(left -> removeReplicaSnapshot(plan, left));
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
                name(plan),
                replica.recovery(),
                disk,
                since,
                point == null ? null : point.snapshot(),
                compare,
                null));
  }

  private void removeProductionSnapshot(CyclePlan plan, String name) {
    show("removes production's snapshot");
    VmRef production = plan.replica().production();
    ports
        .snapshots(production.site(), "Remove " + vm + "'s snapshot of cycle " + number)
        .removeSnapshot(new ChangeSnapshot(mandate(plan, "removeSnapshot"), production, name));
  }

  private void removeReplicaSnapshot(CyclePlan plan, String name) {
    VmRef recovery = plan.replica().recovery();
    ports
        .snapshots(recovery.site(), "Remove " + name + " of the replica of " + vm)
        .removeSnapshot(new ChangeSnapshot(mandate(plan, "expire"), recovery, name));
  }

  private void expire(CyclePlan plan, RestorePoint expired) {
    show("lets " + expired.id() + " go");
    removeReplicaSnapshot(plan, expired.snapshot());
    ports
        .cycles("Forget restore point " + expired.id())
        .forgetRestorePoint(new ForgetRestorePoint(plan.replica().id(), expired.id()));
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

  /** How the names of all snapshots for this replica begin. */
  private static String prefix(CyclePlan plan) {
    return "switchback-" + plan.replica().id() + "-";
  }

  private static String name(CyclePlan plan) {
    return prefix(plan) + plan.number();
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
    sending = null;
    shown.run();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
