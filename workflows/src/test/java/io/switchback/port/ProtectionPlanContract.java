package io.switchback.port;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionPlanActivities.DescribePair;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Pairing;
import io.switchback.port.ProtectionPlanActivities.Protection;
import io.switchback.port.ProtectionPlanActivities.Standing;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link ProtectionPlanActivities} promises. */
public abstract class ProtectionPlanContract extends ProtectingContract {
  @Test
  void saysHowTwoSitesGoTogether() {
    List<NetworkMapping> networks =
        List.of(new NetworkMapping("dmz", "dr-dmz", ""), new NetworkMapping("lan", "dr", "drill"));
    Placement there = new Placement("host-7", "store-7", "dr");
    Pace pace =
        new Pace(
            Duration.ofSeconds(20),
            Duration.ofMinutes(10),
            3,
            Duration.ofSeconds(2),
            Duration.ofMinutes(7));
    registry.protecting().pair(networks, there, pace);

    assertThat(pairing("paris", null))
        .isEqualTo(new Pairing(networks, there, pace, null, List.of()));
  }

  @Test
  void answersThePolicyThatIsNamed() {
    protect(WEB, GOLD);

    assertThat(pairing("paris", "gold").policy()).isEqualTo(GOLD);
  }

  @Test
  void answersTheDefaultPolicyWhenNoneIsNamed() {
    Policy own = Policy.every(Policy.DEFAULT_NAME, Duration.ofMinutes(3));
    protect(WEB, own);
    protect(DB, GOLD);

    assertThat(pairing("paris", null).policy()).isEqualTo(own);
  }

  @Test
  void namesEveryMistakeAtOnce() {
    Pairing pairing = pairing("atlantis", "bronze");

    assertThat(pairing.policy()).isNull();
    assertThat(pairing.mistakes())
        .hasSize(2)
        .anySatisfy(mistake -> assertThat(mistake).contains("'atlantis'"))
        .anySatisfy(mistake -> assertThat(mistake).contains("'bronze'"));
  }

  @Test
  void answersInTheOrderAsked() {
    Replica replica = protect(WEB, GOLD);

    List<Standing> standings = plan.call().findStandings(new FindStandings(List.of(DB, WEB))).vms();

    assertThat(standings).extracting(Standing::vm).containsExactly(DB, WEB);
    assertThat(standings.getLast().replicaId()).isEqualTo(replica.id());
  }

  @Test
  void givesOutNoIdTwice() {
    Standing first = standing(WEB);
    Standing same = standing(WEB);
    Standing other = standing(new VmRef("berlin", "vm-other", "web-01"));

    assertThat(List.of(first.replicaId(), same.replicaId(), other.replicaId()))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.startsWith("web-01"));
  }

  @Test
  void givesOutNoIdOfAReplicaThatIsGone() {
    Replica gone = protect(WEB, GOLD);
    registry.unprotect(gone);

    assertThat(standing(WEB).replicaId()).isNotEqualTo(gone.id());
  }

  @Test
  void saysHowAVmIsProtected() {
    Replica replica = protect(WEB, GOLD);
    registry.state(replica, FAILOVER);

    Standing standing = standing(WEB);

    assertThat(standing)
        .isEqualTo(
            new Standing(
                WEB, replica.id(), new Protection(replica, FAILOVER, GOLD, LAN), false, "", ""));
  }

  @Test
  void saysThatAVmIsBeingProtectedAndAsWhat() {
    String id = standing(WEB).replicaId();
    reserve(OURS, WEB, id);

    assertThat(standing(WEB)).isEqualTo(new Standing(WEB, id, null, true, "", ""));
  }

  @Test
  void saysWhoseReplicaAVmIs() {
    Replica replica = protect(WEB, GOLD);

    assertThat(standing(replica.recovery()).replicaOf()).isEqualTo("web-01");
    assertThat(standing(WEB).replicaOf()).isEmpty();
  }

  @Test
  void saysWhyNoRuleMayProtectAVm() {
    registry.protecting().exclude(WEB, "given up for good");

    assertThat(standing(WEB).excluded()).contains("given up for good");
    assertThat(standing(DB).excluded()).isEmpty();
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> pairing("paris", null));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> standing(WEB));
  }

  private Pairing pairing(String to, @Nullable String policy) {
    return plan.call().describePair(new DescribePair("berlin", to, policy));
  }
}
