package io.switchback.operation;

import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.operation.Steps.Told;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Reverted;
import io.switchback.port.SnapshotActivities.Snapshots;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The verbs on the snapshots of the VM that a replica's data go back to: one of what it was, and
 * marks by which the next round finds what has changed. Those of other people are left alone.
 */
final class TargetSnapshots {
  private final ReplicaOperation operation;
  private final Replica replica;
  private final Supplier<VmRef> target;
  private final Ports ports;
  private final Steps steps;

  /**
   * @param target the VM, known from when the failback is begun or read
   */
  TargetSnapshots(ReplicaOperation operation, Replica replica, Supplier<VmRef> target) {
    this.operation = operation;
    this.replica = replica;
    this.target = target;
    this.ports = operation.ports();
    this.steps = operation.steps();
  }

  /** Keeps what the VM was before the failback. */
  void take(String own) {
    steps.step(
        StepKind.PROTECT_TARGET,
        mandate ->
            ports
                .snapshots(vm().site(), "Keep " + vm().name() + " as it was before failback")
                .createSnapshot(new CreateSnapshot(mandate, vm(), own, false)),
        made -> new Told(true, made.attempt(), made.name()));
  }

  /** What the VM holds above its newest snapshot, for the result. */
  void nameTheLoss() {
    Snapshots seen =
        steps.step(
            StepKind.MEASURE_TARGET,
            mandate -> look(),
            found -> new Told(false, 0, found.unsavedBytes() + " bytes would be discarded"),
            skipped -> new Snapshots(List.of(), "", 0));
    operation.note(
        "%s gives up %d bytes, which the failback had sent or it has written since: they are gone"
            .formatted(vm(), seen.unsavedBytes()));
  }

  /** Puts the VM back; answers whether that was done: a person may have left it out. */
  boolean restore(String own) {
    return steps
        .<Optional<Reverted>>step(
            StepKind.RESTORE_TARGET,
            mandate ->
                Optional.of(
                    ports
                        .snapshots(vm().site(), "Put " + vm().name() + " back to what it was")
                        .revertToSnapshot(new ChangeSnapshot(mandate, vm(), own))),
            done ->
                new Told(
                    done.orElseThrow().changed(),
                    done.orElseThrow().attempt(),
                    done.orElseThrow().discardedBytes() + " bytes gone"),
            skipped -> Optional.empty())
        .isPresent();
  }

  /** Those that Switchback has made; none where a person has left that out. */
  List<String> ours() {
    return list().orElse(List.of());
  }

  /** The same; empty where a person has left that out. */
  Optional<List<String>> list() {
    return steps
        .<Optional<Snapshots>>step(
            StepKind.LIST_TARGET,
            mandate -> Optional.of(look()),
            found -> new Told(false, 0, found.orElseThrow().names().size() + " snapshots"),
            skipped -> Optional.empty())
        .map(
            found ->
                found.names().stream()
                    .filter(name -> name.startsWith(ReplicaOperation.ownSnapshots(replica)))
                    .toList());
  }

  private Snapshots look() {
    return ports
        .snapshots(vm().site(), "Which snapshots has " + vm().name() + "?")
        .listSnapshots(new ListSnapshots(vm()));
  }

  /** Removes one. */
  void remove(String name) {
    operation.step(
        StepKind.REMOVE_TARGET_SNAPSHOT,
        mandate ->
            ports
                .snapshots(vm().site(), "Remove snapshot " + name + " of " + vm().name())
                .removeSnapshot(new ChangeSnapshot(mandate, vm(), name)));
  }

  private VmRef vm() {
    return target.get();
  }
}
