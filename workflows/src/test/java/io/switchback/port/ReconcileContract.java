package io.switchback.port;

import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.Operation.PLANNED_FAILOVER;
import static io.switchback.lifecycle.Operation.RECONCILE;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.model.VmSide.RECOVERY;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.RememberProduction;
import io.switchback.port.ClaimActivities.ShutDownProduction;
import io.switchback.port.ReconcileActivities.DescribeClaim;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.switchback.port.ReconcileActivities.RegistryView;
import io.switchback.port.ReconcileActivities.TakeOverReplica;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link ReconcileActivities} promises. */
public abstract class ReconcileContract extends RegistryContract {
  private PortCaller<ReconcileActivities> reconcile;

  @BeforeEach
  final void openReconcile() {
    reconcile = new PortCaller<>(ReconcileActivities.class, registry.reconcile());
  }

  @AfterEach
  final void closeReconcile() {
    reconcile.close();
  }

  @Test
  void saysWhoHoldsTheReplicaAndWhatWasAskedFor() {
    Replica replica = registry.protect("web-01", READY);
    registry.addRestorePoint(replica, point("web-01-0001", Duration.ZERO));
    Claim claim =
        claims
            .call()
            .claimReplica(
                new ClaimReplica(
                    THEIRS,
                    PARTIAL_FAILOVER,
                    replica.id(),
                    "w",
                    "r",
                    "dana",
                    "web-01-0001",
                    RECOVERY));

    RegistryView seen = describe(replica);

    assertThat(seen.state()).isEqualTo(READY);
    assertThat(seen.hold()).isNull();
    assertThat(seen.points()).extracting("id").containsExactly("web-01-0001");
    assertThat(seen.letGo()).isEmpty();
    HeldClaim held = requireNonNull(seen.claim());
    assertThat(held)
        .usingRecursiveComparison()
        .ignoringFields("since")
        .isEqualTo(
            new HeldClaim(
                THEIRS,
                PARTIAL_FAILOVER,
                PARTIAL_FAILOVER,
                "w",
                "r",
                "dana",
                held.since(),
                READY,
                claim.fence().epoch(),
                "web-01-0001",
                RECOVERY));
  }

  @Test
  void saysThatNobodyHoldsIt() {
    assertThat(describe(registry.protect("web-01", READY)).claim()).isNull();
  }

  @Test
  void saysWhyReplicationWaits() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, THEIRS, PARTIAL_FAILOVER);
    hold(replica, mandate(THEIRS, claim.fence(), 1));

    assertThat(describe(replica).hold()).isEqualTo("a disaster is being met");
  }

  @Test
  void saysWhatAPlannedFailoverHasMadeOfProduction() {
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PLANNED_FAILOVER);
    assertThat(describe(replica).shutDown()).isNull();
    claims
        .call()
        .rememberProduction(
            new RememberProduction(mandate(THEIRS, dead.fence(), 1), replica.id(), true));

    assertThat(describe(replica).shutDown()).isEqualTo(new ShutDownProduction(true));
    assertThat(takeOver(replica, dead).shutDown()).isEqualTo(new ShutDownProduction(true));
  }

  @Test
  void countsThePlacesThatTheHolderKeepsAndFreesThem() {
    registry.cap("paris", Cap.STARTING, 1);
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PARTIAL_FAILOVER);
    assertThat(admit(THEIRS)).isTrue();
    assertThat(describe(replica).leases()).isOne();

    takeOver(replica, dead);

    assertThat(admit(OURS)).isTrue();
  }

  @Test
  void freesThePlaceAmongTheTransfersAsWell() {
    registry.cap("paris", Cap.STARTING, 1);
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PARTIAL_FAILOVER);
    // A transfer keeps its place by the replica's id, whoever runs it.
    assertThat(admit(replica.id())).isTrue();
    assertThat(describe(replica).leases()).isOne();

    takeOver(replica, dead);

    assertThat(admit(OURS)).isTrue();
  }

  @Test
  void refusesAVmThatIsNotProtected() {
    Replica replica = registry.protect("web-01", READY);
    registry.unprotect(replica);

    assertFault(Fault.REFUSED, () -> describe(replica));
  }

  @Test
  void takesTheReplicaOverAndFencesTheDeadOperationOff() {
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PARTIAL_FAILOVER);

    Claim ours = takeOver(replica, dead);

    assertThat(ours.from()).isEqualTo(READY);
    assertThat(ours.fence().epoch()).isGreaterThan(dead.fence().epoch());
    HeldClaim held = requireNonNull(describe(replica).claim());
    assertThat(held.operationId()).isEqualTo(OURS);
    assertThat(held.operation()).isEqualTo(RECONCILE);
    assertThat(held.settles()).isEqualTo(PARTIAL_FAILOVER);
    assertFault(Fault.FENCED, () -> move(replica, mandate(THEIRS, dead.fence(), 9), FAILOVER));
    assertFault(Fault.REFUSED, () -> claim(replica, THEIRS, PARTIAL_FAILOVER));
  }

  @Test
  void leadsWhereTheDeadOperationWouldHaveLed() {
    Replica replica = registry.protect("web-01", READY);
    Claim ours = takeOver(replica, claim(replica, THEIRS, PARTIAL_FAILOVER));

    move(replica, mandate(OURS, ours.fence(), 1), FAILOVER);
    assertThat(registry.state(replica)).isEqualTo(FAILOVER);
    move(replica, mandate(OURS, ours.fence(), 2), READY);
    assertThat(registry.state(replica)).isEqualTo(READY);
    assertFault(
        Fault.REFUSED, () -> move(replica, mandate(OURS, ours.fence(), 3), ReplicaState.PERMANENT));
  }

  @Test
  void settlesTheSameOperationWhenAReconcileIsTakenOverItself() {
    Replica replica = registry.protect("web-01", READY);
    Claim theirs =
        claims
            .call()
            .claimReplica(
                new ClaimReplica(
                    THEIRS, PARTIAL_FAILOVER, replica.id(), "w", "r", "dana", null, RECOVERY));
    Claim ours = takeOver(replica, theirs);
    HeldClaim dead = requireNonNull(describe(replica).claim());

    Claim next =
        reconcile
            .call()
            .takeOverReplica(
                new TakeOverReplica(
                    NOBODYS, replica.id(), OURS, ours.fence().epoch(), "w", "r", "kim"));

    assertThat(next.from()).isEqualTo(READY);
    assertThat(dead.settles()).isEqualTo(PARTIAL_FAILOVER);
    HeldClaim held = requireNonNull(describe(replica).claim());
    assertThat(held.settles()).isEqualTo(PARTIAL_FAILOVER);
    assertThat(held.side()).isEqualTo(RECOVERY);
    assertFault(Fault.FENCED, () -> move(replica, mandate(OURS, ours.fence(), 9), FAILOVER));
  }

  @Test
  void answersTheTakeoverAsItWasGivenToTheSameOperation() {
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PARTIAL_FAILOVER);
    Claim first = takeOver(replica, dead);

    Claim again = reconcile.attempt(2).takeOverReplica(takeoverRequest(replica, dead));

    assertThat(again).isEqualTo(new Claim(first.fence(), READY, 2));
  }

  @Test
  void refusesAClaimThatIsNotTheOneThatWasSeen() {
    Replica replica = registry.protect("web-01", READY);
    Claim seen = claim(replica, THEIRS, PARTIAL_FAILOVER);
    release(replica, mandate(THEIRS, seen.fence(), 1));

    assertFault(Fault.REFUSED, () -> takeOver(replica, seen));

    Claim other = claim(replica, NOBODYS, PARTIAL_FAILOVER);
    assertFault(Fault.REFUSED, () -> takeOver(replica, seen));
    assertThat(requireNonNull(describe(replica).claim()).epoch()).isEqualTo(other.fence().epoch());
  }

  @Test
  void letsOneOfTwoTakeItOver() throws Exception {
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PARTIAL_FAILOVER);

    List<Object> outcomes =
        atOnce(
            () -> reconcile.call().takeOverReplica(takeoverRequest(replica, dead)),
            () ->
                reconcile
                    .call()
                    .takeOverReplica(
                        new TakeOverReplica(
                            NOBODYS, replica.id(), THEIRS, dead.fence().epoch(), "w", "r", "kim")));

    assertThat(outcomes.stream().filter(Claim.class::isInstance)).hasSize(1);
  }

  @Test
  void refusesToGiveOutAFenceThatASiteHasSeen() {
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PARTIAL_FAILOVER);
    registry.siteHasSeen(2, 0);

    assertFault(Fault.FENCE_AHEAD, () -> takeOver(replica, dead));
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = registry.protect("web-01", READY);
    Claim dead = claim(replica, THEIRS, PARTIAL_FAILOVER);
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> describe(replica));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> takeOver(replica, dead));
  }

  private boolean admit(String holder) {
    try (PortCaller<AdmissionActivities> admission =
        new PortCaller<>(AdmissionActivities.class, registry.admission())) {
      return admission
          .call()
          .admit(new Admit("paris", Cap.STARTING, holder, Duration.ofHours(1)))
          .changed();
    }
  }

  private RegistryView describe(Replica replica) {
    return reconcile.call().describeClaim(new DescribeClaim(replica.id()));
  }

  private Claim takeOver(Replica replica, Claim dead) {
    return reconcile.call().takeOverReplica(takeoverRequest(replica, dead));
  }

  private static TakeOverReplica takeoverRequest(Replica replica, Claim dead) {
    return new TakeOverReplica(
        OURS, replica.id(), THEIRS, dead.fence().epoch(), "replica/x", "run-2", "kim");
  }

  private Done move(Replica replica, Mandate mandate, ReplicaState to) {
    return claims.call().moveReplica(new MoveReplica(mandate, replica.id(), to));
  }
}
