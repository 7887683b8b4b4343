package io.switchback.port;

import static io.switchback.lifecycle.Operation.FAILBACK_LATER;
import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.Operation.PLANNED_FAILOVER;
import static io.switchback.lifecycle.Operation.SWITCH_OVER;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ResumeReplication;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link CycleActivities} promises about the restore points that go. */
public abstract class CyclePointsContract extends CycleCalls {
  @Test
  void letsTheOldestRestorePointsGoFirstAndNeverTheNewest() {
    Replica replica = registry.protect("web-01", READY);
    RestorePoint first = point("rp-1", Duration.ofMinutes(1));
    RestorePoint second = point("rp-2", Duration.ofMinutes(2));
    complete(plan(replica), first);
    complete(plan(replica), second);
    registry.keep(replica, 1);

    CycleEnd end = complete(plan(replica), point("rp-3", Duration.ofMinutes(3)));

    assertThat(end.expired()).containsExactly(first, second);
  }

  @Test
  void letsNoRestorePointGoThatAnOperationUsesUntilTheReplicaIsReadyAgain() {
    Replica replica = registry.protect("web-01", READY);
    RestorePoint used = point("rp-1", Duration.ofMinutes(1));
    complete(plan(replica), used);
    complete(plan(replica), point("rp-2", Duration.ofMinutes(2)));
    Claim claim = claimOf(replica, used.id());
    move(replica, claim, 1, FAILOVER);
    release(replica, mandate(OURS, claim.fence(), 2));
    registry.keep(replica, 1);
    registry.state(replica, READY);

    assertThat(complete(plan(replica), point("rp-3", Duration.ofMinutes(3))).expired())
        .extracting(RestorePoint::id)
        .containsExactly("rp-2");
    assertFault(
        Fault.REFUSED,
        () -> cycles.call().forgetRestorePoint(new ForgetRestorePoint(replica.id(), used.id())));

    Claim later = claim(replica, THEIRS, PARTIAL_FAILOVER);
    release(replica, mandate(THEIRS, later.fence(), 1));
    assertThat(complete(plan(replica), point("rp-4", Duration.ofMinutes(4))).expired())
        .extracting(RestorePoint::id)
        .contains(used.id());
  }

  @Test
  void letsNoRestorePointGoThatTheReplicaServedFromWhileItIsFailedBack() {
    Replica replica = registry.protect("web-01", READY);
    RestorePoint used = point("rp-1", Duration.ofMinutes(1));
    complete(plan(replica), used);
    complete(plan(replica), point("rp-2", Duration.ofMinutes(2)));
    Claim failover = claimOf(replica, used.id());
    move(replica, failover, 1, FAILOVER);
    release(replica, mandate(OURS, failover.fence(), 2));
    lead(replica, THEIRS, FAILBACK_LATER, READY_TO_SWITCH);
    lead(replica, NOBODYS, SWITCH_OVER, ReplicaState.FAILBACK);
    registry.keep(replica, 1);
    registry.state(replica, READY);

    assertThat(complete(plan(replica), point("rp-3", Duration.ofMinutes(3))).expired())
        .extracting(RestorePoint::id)
        .containsExactly("rp-2");
  }

  @Test
  void letsRestorePointsGoThatAreOlderThanThePolicySays() {
    Replica replica = registry.protect("web-01", READY);
    registry.keepFor(replica, Duration.ofHours(1));
    RestorePoint old = agedPoint("rp-1", Duration.ofMinutes(90));
    complete(plan(replica), old);
    RestorePoint young = agedPoint("rp-2", Duration.ofMinutes(30));
    complete(plan(replica), young);

    CycleEnd end = complete(plan(replica), agedPoint("rp-3", Duration.ZERO));

    assertThat(end.expired()).containsExactly(old);
  }

  @Test
  void namesTheSnapshotsOfAllRestorePoints() {
    Replica replica = registry.protect("web-01", READY);
    registry.keep(replica, 1);
    complete(plan(replica), point("rp-1", Duration.ofMinutes(1)));
    complete(plan(replica), point("rp-2", Duration.ofMinutes(2)));

    assertThat(plan(replica).snapshots()).containsExactly("snapshot-rp-1", "snapshot-rp-2");
  }

  @Test
  void letsNoPointGoForThoseThatAnOperationMakes() {
    Replica replica = registry.protect("web-01", READY);
    complete(plan(replica), point("rp-1", Duration.ofMinutes(1)));
    registry.keep(replica, 1);
    Claim claim = claim(replica, OURS, PLANNED_FAILOVER);
    hold(replica, mandate(OURS, claim.fence(), 1));
    CompleteCycle request =
        request(
            plan(replica, mandate(OURS, claim.fence(), 2)),
            point("rp-2", Duration.ofMinutes(2)),
            null,
            mandate(OURS, claim.fence(), 3));

    assertThat(cycles.call().completeCycle(request).expired()).isEmpty();
    assertThat(cycles.attempt(2).completeCycle(request).expired()).as("a late attempt").isEmpty();

    assertThat(registry.restorePoints(replica))
        .extracting(RestorePoint::id)
        .containsExactly("rp-1", "rp-2");
    Mandate mandate = mandate(OURS, claim.fence(), 4);
    claims.call().resumeReplication(new ResumeReplication(mandate, replica.id()));
    release(replica, mandate);
    assertThat(complete(plan(replica), point("rp-3", Duration.ofMinutes(3))).expired())
        .as("the next loop's cycle")
        .extracting(RestorePoint::id)
        .containsExactly("rp-1", "rp-2");
  }

  @Test
  void forgetsARestorePointOnce() {
    Replica replica = registry.protect("web-01", READY);
    complete(plan(replica), point("rp-1", Duration.ofMinutes(1)));
    complete(plan(replica), point("rp-2", Duration.ofMinutes(2)));
    ForgetRestorePoint request = new ForgetRestorePoint(replica.id(), "rp-1");

    assertThat(cycles.call().forgetRestorePoint(request).changed()).isTrue();
    assertThat(registry.restorePoints(replica))
        .extracting(RestorePoint::id)
        .containsExactly("rp-2");
    assertThat(cycles.attempt(2).forgetRestorePoint(request)).isEqualTo(new Done(false, 2));
  }

  private Claim claimOf(Replica replica, String restorePoint) {
    return claims
        .call()
        .claimReplica(
            new ClaimReplica(
                OURS,
                PARTIAL_FAILOVER,
                replica.id(),
                "workflow-" + OURS,
                "run-1",
                "dana",
                restorePoint,
                null));
  }

  private void move(Replica replica, Claim claim, long step, ReplicaState to) {
    claims
        .call()
        .moveReplica(new MoveReplica(mandate(OURS, claim.fence(), step), replica.id(), to));
  }

  /** The whole of an operation, as far as the registry sees it. */
  private void lead(Replica replica, String operationId, Operation operation, ReplicaState to) {
    Claim claim = claim(replica, operationId, operation);
    claims
        .call()
        .moveReplica(new MoveReplica(mandate(operationId, claim.fence(), 1), replica.id(), to));
    release(replica, mandate(operationId, claim.fence(), 2));
  }

  private RestorePoint agedPoint(String id, Duration age) {
    return new RestorePoint(
        id,
        "snapshot-" + id,
        registry.now().minus(age).truncatedTo(ChronoUnit.MILLIS),
        Consistency.CRASH);
  }
}
