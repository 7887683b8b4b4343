package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.fault.Failures;
import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.port.WatchActivities.Expect;
import io.switchback.port.WatchActivities.Expected;
import io.temporal.failure.ActivityFailure;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Looks whether a replica is as replication left it, before an operation uses it. */
final class DriftCheck {
  /**
   * What an operation would overwrite or start from. A replica that runs is refused by the step
   * that looks at it, and a restore point that is gone by the revert to it.
   */
  private static final Set<DriftKind> MATTERS =
      EnumSet.of(DriftKind.REPLICA_WRITTEN, DriftKind.REPLICA_MOVED, DriftKind.REPLICA_DISKS);

  private final Ports ports;
  private final ReplicaRequest request;
  private final Consumer<String> notes;

  /**
   * @param notes takes what could not be found out
   */
  DriftCheck(Ports ports, ReplicaRequest request, Consumer<String> notes) {
    this.ports = ports;
    this.request = request;
    this.notes = notes;
  }

  /** What was done by hand; empty when nothing was, or when it cannot be found out. */
  Optional<String> finding() {
    String replicaId = request.member().replica().id();
    try {
      Expected expected =
          ports.watch().expect(new Expect(replicaId, request.operationId())).expected();
      if (expected == null) {
        return Optional.empty();
      }
      List<Drift> drift =
          ReplicaWatch.see(ports, expected).drift().stream()
              .filter(found -> MATTERS.contains(found.kind()))
              .toList();
      return drift.isEmpty()
          ? Optional.empty()
          : Optional.of(drift.stream().map(Drift::sentence).collect(joining("\n")));
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      notes.accept(
          "whether the replica was changed by hand could not be found out: "
              + Failures.toFault(failure).sentence());
      return Optional.empty();
    }
  }
}
