package io.switchback.operation;

import io.switchback.model.Mandate;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshot;
import java.util.List;
import java.util.function.BiFunction;

/** The snapshots of replication cycles, at production and of the replica. */
final class CycleSnapshots {
  private final Ports ports;
  private final BiFunction<CyclePlan, String, Mandate> mandates;
  private final CycleLog log;

  /**
   * @param mandates make the mandate for what a cycle changes, by its name
   */
  CycleSnapshots(Ports ports, BiFunction<CyclePlan, String, Mandate> mandates, CycleLog log) {
    this.ports = ports;
    this.mandates = mandates;
    this.log = log;
  }

  /** What the cycle's snapshots are called, at both sites. */
  static String name(CyclePlan plan) {
    return prefix(plan) + plan.number();
  }

  static String nameOfTheOneBefore(CyclePlan plan) {
    return prefix(plan) + (plan.number() - 1);
  }

  private static String prefix(CyclePlan plan) {
    return ReplicaOperation.ownSnapshots(plan.replica());
  }

  Snapshot takeOfProduction(CyclePlan plan) {
    log.show("snapshots production");
    VmRef production = plan.replica().production();
    return ports
        .snapshots(production.site(), "Snapshot " + log.vm() + " for cycle " + plan.number())
        .createSnapshot(
            new CreateSnapshot(
                mandates.apply(plan, "snapshotProduction"),
                production,
                name(plan),
                plan.quiesced()));
  }

  void takeOfReplica(CyclePlan plan) {
    VmRef recovery = plan.replica().recovery();
    ports
        .snapshots(recovery.site(), "Restore point of " + log.vm() + ", cycle " + plan.number())
        .createSnapshot(
            new CreateSnapshot(
                mandates.apply(plan, "snapshotReplica"), recovery, name(plan), false));
  }

  /** Production keeps no snapshot of a cycle that could not remove its own. */
  void removeLeftBehind(CyclePlan plan) {
    log.show("looks for snapshots left behind");
    VmRef production = plan.replica().production();
    left(production, plan).forEach(left -> removeOfProduction(plan, left));
  }

  /** A snapshot of the replica that was made and never recorded is nobody's restore point. */
  void removeUnrecorded(CyclePlan plan) {
    VmRef recovery = plan.replica().recovery();
    left(recovery, plan).stream()
        .filter(left -> !plan.snapshots().contains(left))
        .forEach(left -> removeOfReplica(plan, left));
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

  void removeOfProduction(CyclePlan plan, String name) {
    log.show("removes production's snapshot");
    VmRef production = plan.replica().production();
    ports
        .snapshots(
            production.site(), "Remove " + log.vm() + "'s snapshot of cycle " + plan.number())
        .removeSnapshot(
            new ChangeSnapshot(mandates.apply(plan, "removeSnapshot"), production, name));
  }

  private void removeOfReplica(CyclePlan plan, String name) {
    VmRef recovery = plan.replica().recovery();
    ports
        .snapshots(recovery.site(), "Remove " + name + " of the replica of " + log.vm())
        .removeSnapshot(new ChangeSnapshot(mandates.apply(plan, "expire"), recovery, name));
  }

  /** Removes a restore point's snapshot, and forgets the point. */
  void expire(CyclePlan plan, RestorePoint expired) {
    log.show("lets " + expired.id() + " go");
    removeOfReplica(plan, expired.snapshot());
    ports
        .cycles("Forget restore point " + expired.id())
        .forgetRestorePoint(new ForgetRestorePoint(plan.replica().id(), expired.id()));
  }
}
