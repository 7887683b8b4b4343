package io.switchback.port;

import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SomeFailback;
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
    this.failback = SomeFailback.like(failback).round(null).protectivePoint(null).build();
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
    failback = SomeFailback.like(failback).round(round).build();
  }

  void switchAt(Instant at) {
    failback = SomeFailback.like(failback).switchover(failback.switchover(), at).build();
  }

  void switched(RestorePoint point) {
    failback = SomeFailback.like(failback).protectivePoint(point).build();
  }
}
