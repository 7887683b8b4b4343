package io.switchback.port;

import static io.switchback.lifecycle.Operation.PERMANENT_FAILOVER;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.PermanentFailoverActivities.ExcludeProduction;
import io.switchback.port.PermanentFailoverActivities.ForgetLetGoPoints;
import io.switchback.port.PermanentFailoverActivities.LetGo;
import io.switchback.port.PermanentFailoverActivities.LetGoRestorePoints;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link PermanentFailoverActivities} promises. */
public abstract class PermanentFailoverContract extends RegistryContract {
  private PortCaller<PermanentFailoverActivities> port;

  @BeforeEach
  final void openPort() {
    port = new PortCaller<>(PermanentFailoverActivities.class, registry.permanentFailover());
  }

  @AfterEach
  final void closePort() {
    port.close();
  }

  @Test
  void letsEveryPointGoOldestFirstAndOffersNoneAnyMore() {
    Replica replica = failedOver();
    Claim claim = claim(replica, OURS, PERMANENT_FAILOVER);

    LetGo going = letGo(replica, mandate(OURS, claim.fence(), 1));

    assertThat(going.points())
        .extracting(RestorePoint::id)
        .containsExactly("web-01-0001", "web-01-0002");
    assertThat(offered(replica)).isZero();
  }

  @Test
  void answersWhatIsLeftWhenAskedAgain() {
    Replica replica = failedOver();
    Claim claim = claim(replica, OURS, PERMANENT_FAILOVER);
    LetGo first = letGo(replica, mandate(OURS, claim.fence(), 1));

    LetGo again =
        port.attempt(2)
            .letGoRestorePoints(
                new LetGoRestorePoints(mandate(OURS, claim.fence(), 1), replica.id()));

    assertThat(again).isEqualTo(new LetGo(first.points(), 2));
  }

  @Test
  void forgetsThemAllTheLastOneToo() {
    Replica replica = failedOver();
    Claim claim = claim(replica, OURS, PERMANENT_FAILOVER);
    letGo(replica, mandate(OURS, claim.fence(), 1));

    assertThat(forget(replica, mandate(OURS, claim.fence(), 2)).changed()).isTrue();

    assertThat(letGo(replica, mandate(OURS, claim.fence(), 3)).points()).isEmpty();
    assertThat(forget(replica, mandate(OURS, claim.fence(), 4)).changed()).isFalse();
  }

  @Test
  void forgetsNothingThatWasNotLetGo() {
    Replica replica = failedOver();
    Claim claim = claim(replica, OURS, PERMANENT_FAILOVER);

    assertThat(forget(replica, mandate(OURS, claim.fence(), 1)).changed()).isFalse();

    assertThat(offered(replica)).isEqualTo(2);
  }

  @Test
  void excludesProductionOnce() {
    Replica replica = failedOver();
    Claim claim = claim(replica, OURS, PERMANENT_FAILOVER);

    assertThat(exclude(replica, mandate(OURS, claim.fence(), 1)).changed()).isTrue();
    assertThat(exclude(replica, mandate(OURS, claim.fence(), 2)).changed()).isFalse();

    assertThat(registry.excluded()).containsExactly(replica.production().id());
  }

  @Test
  void refusesWhoeverDoesNotHoldTheReplicaAndLateSteps() {
    Replica replica = failedOver();
    Claim claim = claim(replica, OURS, PERMANENT_FAILOVER);
    Mandate late = mandate(OURS, claim.fence(), 1);
    exclude(replica, mandate(OURS, claim.fence(), 5));

    for (Mandate fenced : java.util.List.of(mandate(THEIRS, claim.fence(), 9), late)) {
      assertFault(Fault.FENCED, () -> letGo(replica, fenced));
      assertFault(Fault.FENCED, () -> forget(replica, fenced));
      assertFault(Fault.FENCED, () -> exclude(replica, fenced));
    }
    assertThat(offered(replica)).isEqualTo(2);
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = failedOver();
    Mandate mandate = mandate(OURS, claim(replica, OURS, PERMANENT_FAILOVER).fence(), 1);
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> letGo(replica, mandate));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> forget(replica, mandate));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> exclude(replica, mandate));
  }

  private int offered(Replica replica) {
    return registry
        .reconcile()
        .describeClaim(new ReconcileActivities.DescribeClaim(replica.id()))
        .points()
        .size();
  }

  private Replica failedOver() {
    Replica replica = registry.protect("web-01", FAILOVER);
    registry.addRestorePoint(replica, point("web-01-0001", Duration.ZERO));
    registry.addRestorePoint(replica, point("web-01-0002", Duration.ofHours(1)));
    return replica;
  }

  private LetGo letGo(Replica replica, Mandate mandate) {
    return port.call().letGoRestorePoints(new LetGoRestorePoints(mandate, replica.id()));
  }

  private Done forget(Replica replica, Mandate mandate) {
    return port.call().forgetLetGoPoints(new ForgetLetGoPoints(mandate, replica.id()));
  }

  private Done exclude(Replica replica, Mandate mandate) {
    return port.call()
        .excludeProduction(new ExcludeProduction(mandate, replica.id(), "kim", "berlin is ash"));
  }
}
