package io.switchback.operation;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CheckOverride;
import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.Points;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.switchback.port.VerifyActivities.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers, step by step, what a run over one replica will have to say. */
final class ResultBuilder {
  private final ReplicaRequest request;
  private final List<NetworkState> network = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Outcome outcome = Outcome.REFUSED;
  private @Nullable ReplicaState state;
  private @Nullable Duration rto;
  private @Nullable Verification verification;
  private boolean verified;
  private long discardedBytes;
  private @Nullable RestorePoint made;
  private @Nullable Points gone;
  private @Nullable Reconciliation reconciliation;
  private @Nullable FailbackFigures failback;

  ResultBuilder(ReplicaRequest request) {
    this.request = request;
    this.state = request.member().state();
  }

  ResultBuilder outcome(Outcome end) {
    outcome = end;
    return this;
  }

  ResultBuilder note(String sentence) {
    notes.add(sentence);
    return this;
  }

  void state(@Nullable ReplicaState now) {
    state = now;
  }

  void ready(boolean ready, Instant at) {
    rto = ready ? Duration.between(request.begunAt(), at) : null;
  }

  /** How a side is in the end. */
  void network(NetworkState side) {
    network.removeIf(known -> known.side() == side.side());
    network.add(side);
  }

  void verification(boolean ready, Verification made) {
    verification = made;
    verified = ready && made.passed();
  }

  /** The restore point that the operation has made, and that the replica runs from. */
  void restorePoint(RestorePoint point) {
    made = point;
  }

  void gone(Points points) {
    gone = points;
  }

  void reconciliation(Reconciliation seen) {
    reconciliation = seen;
  }

  void failback(FailbackFigures moved) {
    failback = moved;
  }

  void discarded(long bytes) {
    discardedBytes += bytes;
  }

  MemberResult build(List<CheckOverride> overrides, List<SkippedStep> skipped) {
    RestorePoint point = made == null ? request.member().restorePoint() : made;
    return new MemberResult(
        request.member().replica().name(),
        request.member().replica().id(),
        outcome,
        state,
        point,
        point == null ? null : age(point),
        rto,
        verified,
        verification,
        network,
        discardedBytes,
        overrides,
        skipped,
        gone,
        reconciliation,
        failback,
        notes);
  }

  /** A point that was made since the operation began lacks nothing that was there then. */
  private Duration age(RestorePoint point) {
    return made == null ? Duration.between(point.takenAt(), request.begunAt()) : Duration.ZERO;
  }
}
