package io.switchback.port;

import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmShape;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failback that a {@link FakeRegistry}, which guards it, keeps, and how it was before it. */
final class FakeFailback {
  final String operationId;
  final Replica before;
  final Map<String, String> changeIdsBefore;
  final @Nullable VmShape shapeBefore;
  Failback failback;

  FakeFailback(String operationId, FakeReplica replica, Failback failback) {
    this.operationId = operationId;
    this.before = replica.replica;
    this.changeIdsBefore = replica.changeIds;
    this.shapeBefore = replica.shape;
    this.failback = failback;
    set(failback.switchAt(), null, null);
  }

  /** Whether the target is another VM than production was. */
  boolean goesElsewhere() {
    return !failback.target().id().equals(before.production().id());
  }

  /** Whether an undo goes back to that restore point. */
  boolean protects(String pointId) {
    RestorePoint point = failback.protectivePoint();
    return point != null && point.id().equals(pointId);
  }

  /** Whether the VM, by its id at production's site, is production's or the target's. */
  boolean names(String site, String vm) {
    return failback.target().site().equals(site)
        && (failback.target().id().equals(vm) || before.production().id().equals(vm));
  }

  void synchronised(Round round) {
    set(failback.switchAt(), round, failback.protectivePoint());
  }

  void switchAt(Instant at) {
    set(at, failback.round(), failback.protectivePoint());
  }

  void switched(RestorePoint point) {
    set(failback.switchAt(), failback.round(), point);
  }

  private void set(
      @Nullable Instant switchAt, @Nullable Round round, @Nullable RestorePoint point) {
    failback =
        new Failback(
            failback.to(),
            failback.before(),
            failback.target(),
            failback.disks(),
            failback.networks(),
            failback.targetRan(),
            failback.targetSnapshot(),
            failback.switchover(),
            switchAt,
            failback.powerOn(),
            round,
            point,
            failback.resynchroniseEvery());
  }
}
