package io.switchback.operation;

import io.switchback.model.DiskPair;
import io.switchback.model.Failback.Round;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.operation.Steps.Told;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import io.temporal.workflow.Async;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The transfers of a failback's rounds: what changed on the replica's disks, sent to its target.
 */
final class RoundTransfers {
  private static final String FIRST = "nothing tells what both had in common before";

  private final ReplicaOperation operation;
  private final Replica replica;
  private final FailbackTarget target;
  private final Steps steps;
  private final ProductionDisks source;
  private final Transferring place;

  RoundTransfers(ReplicaOperation operation, Replica replica, FailbackTarget target) {
    this.operation = operation;
    this.replica = replica;
    this.target = target;
    this.steps = operation.steps();
    this.source = new ProductionDisks(operation.ports());
    this.place = new Transferring(operation.ports(), replica, replica.production().site());
  }

  /**
   * Sends all disks, each as one step.
   *
   * @param snapshot of the replica
   * @param before the round that the target holds; null when it holds none
   * @return bytes that were sent
   */
  long send(String snapshot, @Nullable Round before) {
    return target.failback().disks().stream().mapToLong(disk -> send(snapshot, before, disk)).sum();
  }

  private long send(String snapshot, @Nullable Round before, DiskPair disk) {
    Transferred sent =
        steps.step(
            StepKind.SYNCHRONISE,
            mandate -> copy(steps.mandates(mandate), snapshot, before, disk),
            done ->
                new Told(
                    true,
                    done.attempt(),
                    "%d bytes by %s".formatted(done.sentBytes(), done.rung())));
    operation.note(
        "%s: %d bytes sent, %s, %s"
            .formatted(sent.disk(), sent.sentBytes(), sent.rung(), sent.reason()));
    return sent.sentBytes();
  }

  /** Takes a place among the transfers for as long as it copies: who parks keeps none. */
  private Transferred copy(
      Supplier<Mandate> mandates, String snapshot, @Nullable Round before, DiskPair disk) {
    try {
      steps.await(
          () ->
              Async.procedure(
                  () -> place.begin(waits -> operation.note(replica.name() + " " + waits))));
      source.find(replica.recovery());
      return steps.await(
          () ->
              Async.function(
                  () ->
                      source.send(
                          "Send %s home, disk %s".formatted(replica.name(), disk.productionDisk()),
                          () -> transfer(mandates.get(), snapshot, before, disk))));
    } finally {
      place.end();
    }
  }

  /** The replica's disk is the source here, and the target's the one that is written. */
  private TransferDisk transfer(
      Mandate mandate, String snapshot, @Nullable Round before, DiskPair disk) {
    return new TransferDisk(
        mandate,
        replica.recovery(),
        snapshot,
        target.failback().target(),
        disk.reversed(),
        before == null ? null : before.changeIds().get(disk.recoveryDisk()),
        before == null ? null : Synchronisation.markOf(before),
        before == null || !before.changeIds().containsKey(disk.recoveryDisk()) ? first(before) : "",
        null);
  }

  /** Why both are read in full; nothing, where the one that is written has been made empty. */
  private String first(@Nullable Round before) {
    return before == null && target.failback().makesTarget() ? "" : FIRST;
  }
}
