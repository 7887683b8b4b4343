package io.switchback.registry;

import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Replica;
import io.switchback.port.ClaimActivities;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.PortCaller;
import io.switchback.registry.RegistryRecovery.Recovered;
import io.switchback.registry.RegistryRecovery.Seen;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class RegistryRecoveryIT {
  @AutoClose private final PostgresRegistryFixture registry = fixture();

  @Test
  void givesOutAGenerationAboveAllThatSitesHaveSeen() {
    Replica replica = registry.protect("web-01", READY);
    registry.siteHasSeen(4, 0);
    assertThat(faultOf(() -> claim(replica)).fault()).isEqualTo(Fault.FENCE_AHEAD);

    Recovered recovered =
        new RegistryRecovery(registry.database())
            .recover(List.of(new Seen("paris", 6, 2)), "kim", "restored an old backup");

    assertThat(recovered.before()).isEqualTo(1);
    assertThat(recovered.generation()).isEqualTo(7);
    assertThat(recovered.found()).contains("has seen fence 4.0");
    assertThat(claim(replica).fence().generation()).isEqualTo(7);
    assertThat(new Estate(registry.database()).read(1).audit())
        .singleElement()
        .matches(entry -> entry.step().equals("recoverRegistry") && entry.by().equals("kim"))
        .matches(entry -> entry.detail().endsWith("generation 1 -> 7: restored an old backup"));
  }

  @Test
  void believesASiteThatNoWorkerHasGreetedSince() {
    Recovered recovered =
        new RegistryRecovery(registry.database())
            .recover(List.of(new Seen("paris", 1, 900)), "kim", "restored");

    assertThat(recovered.found()).contains("site 'paris' has seen fence 1.900");
    assertThat(recovered.generation()).isEqualTo(2);
  }

  @Test
  void refusesWhenNoSiteIsAhead() {
    FaultException refused =
        faultOf(
            () ->
                new RegistryRecovery(registry.database())
                    .recover(List.of(new Seen("paris", 1, 0)), "kim", "to be sure"));

    assertThat(refused.fault()).isEqualTo(Fault.REFUSED);
    assertThat(refused.sentence()).contains("There is nothing to recover from");
    assertThat(new Estate(registry.database()).read(1).generation()).isEqualTo(1);
  }

  private Claim claim(Replica replica) {
    try (PortCaller<ClaimActivities> claims =
        new PortCaller<>(ClaimActivities.class, registry.claims())) {
      return claims
          .call()
          .claimReplica(
              new ClaimReplica(
                  "operation",
                  Operation.PARTIAL_FAILOVER,
                  replica.id(),
                  "w",
                  "r",
                  "kim",
                  null,
                  null));
    }
  }

  private static FaultException faultOf(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(FaultException.class, call);
  }

  private static PostgresRegistryFixture fixture() {
    try {
      return new PostgresRegistryFixture();
    } catch (java.sql.SQLException unreachable) {
      throw new IllegalStateException(unreachable);
    }
  }
}
