package io.switchback.port;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Failback;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.ProtectionRule;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmFilter;
import io.switchback.model.VmRef;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import io.switchback.port.FailbackActivities.CompleteSwitch;
import io.switchback.port.FailbackActivities.EndFailback;
import io.switchback.port.ProtectionRuleActivities.ReadRule;
import io.switchback.port.ProtectionRuleActivities.RecordJoined;
import io.switchback.port.ProtectionRuleActivities.WriteRule;
import io.switchback.port.ReconcileActivities.DescribeClaim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link FailbackActivities} promises of the switch and of the end. */
public abstract class FailbackSwitchContract extends FailingBackContract {
  private static final ProtectionRule RULE =
      new ProtectionRule(
          "berlin",
          "paris",
          VmFilter.tag("gold"),
          "gold",
          List.of(),
          Placement.ANYWHERE,
          Duration.ofMinutes(1));

  @Test
  void makesTheProtectiveSnapshotTheNewestRestorePoint() {
    Replica replica = held();
    begin(replica, home(replica));

    assertThat(complete(replica)).isEqualTo(new Done(true, 1));

    assertThat(offered(replica)).containsExactly("web-01-failback", "web-01-0001");
    assertThat(requireNonNull(described(replica)).protectivePoint()).isEqualTo(PROTECTIVE);
  }

  @Test
  void theNetworkMapFollowsAVmThatTheFailbackHasMadeOnceItIsCommitted() {
    NetworkMapping before = new NetworkMapping("lan", "dr-lan", "");
    NetworkMapping other = new NetworkMapping("backup", "dr-backup", "");
    Replica replica = held(before, other);
    begin(replica, making(replica, ELSEWHERE, RESTORED_DISK, NEW_LAN));
    complete(replica);
    assertThat(map(ELSEWHERE)).containsExactly(before, other);

    end(replica, true);

    assertThat(map(ELSEWHERE)).containsExactly(NEW_LAN, other);
  }

  @Test
  void theNetworkMapStaysWhereAFailbackIsNotCommitted() {
    NetworkMapping before = new NetworkMapping("lan", "dr-lan", "");
    Replica replica = held(before);
    begin(replica, making(replica, ELSEWHERE, RESTORED_DISK, NEW_LAN));
    complete(replica);

    end(replica, false);

    assertThat(map(replica.production())).containsExactly(before);
  }

  private List<NetworkMapping> map(VmRef production) {
    return requireNonNull(standing(production).protectedBy()).networks();
  }

  @Test
  void letsTheNextCycleGoOnFromTheSwitch() {
    Replica replica = held();
    begin(replica, home(replica));
    complete(replica);
    end(replica, true);

    CyclePlan next = ready(replica);

    assertThat(next.newest()).isEqualTo(PROTECTIVE);
    assertThat(next.changeIds()).isEqualTo(Map.of(RESTORED_DISK, "change-2"));
    assertThat(next.shape()).as("as it was").isEqualTo(carried(replica).shape());
    assertThat(next.replica()).isEqualTo(replica);
    assertThat(finish(next).expired()).isEmpty();
    assertThat(offered(replica)).startsWith("web-01-next", "web-01-failback");
  }

  @Test
  void namesTheTargetAndItsDisksInProductionsPlace() {
    Replica replica = held();
    begin(replica, elsewhere(replica));

    complete(replica);

    Replica now = now(replica, ELSEWHERE);
    assertThat(now.name()).isEqualTo(ELSEWHERE.name());
    assertThat(now.production()).isEqualTo(ELSEWHERE);
    assertThat(now.recovery()).isEqualTo(replica.recovery());
    assertThat(now.disks()).isEqualTo(elsewhere(replica).disks());
    assertThat(standing(replica.production()).protectedBy()).isNull();
  }

  @Test
  void letsTheNextCycleLookWhatTheTargetIsMadeOf() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    complete(replica);
    end(replica, true);

    assertThat(ready(replica).shape()).isNull();
  }

  @Test
  void takesATargetThatIsCalledAsProductionWas() {
    Replica replica = held();
    VmRef namesake = new VmRef("berlin", "vm-restored", replica.name());
    begin(replica, to(namesake, RESTORED_DISK, replica));

    complete(replica);
    assertThat(now(replica, namesake).name()).isEqualTo(replica.name());

    end(replica, false);
    assertThat(now(replica, replica.production())).isEqualTo(replica);
  }

  @Test
  void answersUnchangedWhenTheSwitchIsComplete() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    complete(replica);

    assertThat(failbacks.attempt(2).completeSwitch(switching(replica, 2)))
        .isEqualTo(new Done(false, 2));

    assertThat(offered(replica)).hasSize(2);
  }

  @Test
  void putsAnotherProtectiveSnapshotInPlaceOfAnEarlierOne() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    complete(replica);
    RestorePoint again = point("web-01-again", Duration.ofHours(3));

    Done done =
        failbacks
            .call()
            .completeSwitch(new CompleteSwitch(ours(replica, 2), replica.id(), again, Map.of()));

    assertThat(done.changed()).isTrue();
    assertThat(offered(replica)).containsExactly("web-01-again", "web-01-0001");
    end(replica, false);
    assertThat(now(replica, replica.production())).isEqualTo(replica);
  }

  @Test
  void keepsTheProtectiveSnapshotWhileItIsOpenWhateverThePolicySays() {
    Replica replica = held();
    registry.keep(replica, 1);
    begin(replica, home(replica));
    complete(replica);

    CycleEnd end = finish(ready(replica));

    assertThat(end.expired()).extracting(RestorePoint::id).containsExactly("web-01-0001");
    assertFault(Fault.REFUSED, () -> forget(replica, "web-01-failback"));
    assertThat(offered(replica)).startsWith("web-01-next", "web-01-failback");
  }

  @Test
  void leavesTheProtectiveSnapshotToThePolicyOnceItIsCommitted() {
    Replica replica = held();
    registry.keep(replica, 1);
    begin(replica, home(replica));
    complete(replica);

    assertThat(end(replica, true)).isEqualTo(new Done(true, 1));

    assertThat(described(replica)).isNull();
    assertThat(offered(replica)).containsExactly("web-01-failback", "web-01-0001");
    assertThat(finish(ready(replica)).expired())
        .extracting(RestorePoint::id)
        .containsExactly("web-01-0001", "web-01-failback");
  }

  @Test
  void excludesWhatProductionWasFromEveryRule() {
    Replica replica = held();
    registry.protecting().exclude(ELSEWHERE, "it was a test restore");
    begin(replica, elsewhere(replica));
    complete(replica);

    end(replica, true);

    assertThat(registry.excluded()).containsExactly(replica.production().id());
    assertThat(standing(replica.production()).excluded()).contains("berlin is back");
  }

  @Test
  void letsRulesThatNamedProductionNameTheTarget() {
    Replica replica = held();
    rule("vm-other", replica.production().id());
    begin(replica, elsewhere(replica));
    complete(replica);
    assertThat(joined()).containsExactlyInAnyOrder("vm-other", replica.production().id());

    end(replica, true);

    assertThat(joined()).containsExactlyInAnyOrder("vm-other", ELSEWHERE.id());
  }

  @Test
  void excludesNothingWhereProductionIsTheTarget() {
    Replica replica = held();
    rule(replica.production().id());
    begin(replica, home(replica));
    complete(replica);

    end(replica, true);

    assertThat(registry.excluded()).isEmpty();
    assertThat(joined()).containsExactly(replica.production().id());
    assertThat(now(replica, replica.production())).isEqualTo(replica);
  }

  @Test
  void refusesToCommitBeforeTheSwitch() {
    Replica replica = held();
    begin(replica, elsewhere(replica));

    assertFault(Fault.REFUSED, () -> end(replica, true));

    assertThat(described(replica)).isEqualTo(elsewhere(replica));
    assertThat(registry.excluded()).isEmpty();
  }

  @Test
  void putsProductionItsDisksAndItsChangeTrackingBack() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    complete(replica);

    assertThat(end(replica, false).changed()).isTrue();

    assertThat(described(replica)).isNull();
    assertThat(offered(replica)).containsExactly("web-01-0001");
    assertThat(registry.excluded()).isEmpty();
    assertThat(standing(ELSEWHERE).protectedBy()).isNull();
    CyclePlan next = ready(replica);
    assertThat(next.replica()).isEqualTo(replica);
    assertThat(next.changeIds())
        .isEqualTo(Map.of(replica.disks().getFirst().productionDisk(), "change-1"));
    assertThat(next.shape()).isEqualTo(carried(replica).shape());
  }

  @Test
  void endsAFailbackWhoseSwitchWasNotMade() {
    Replica replica = held();
    begin(replica, elsewhere(replica));

    assertThat(end(replica, false).changed()).isTrue();

    assertThat(described(replica)).isNull();
    assertThat(now(replica, replica.production())).isEqualTo(replica);
    assertThat(offered(replica)).containsExactly("web-01-0001");
  }

  @Test
  void answersUnchangedWhenThereIsNoneToEnd() {
    Replica replica = held();
    begin(replica, home(replica));
    end(replica, false);

    assertThat(
            failbacks
                .attempt(2)
                .endFailback(
                    new EndFailback(
                        ours(replica, 3), replica.id(), false, "kim", "berlin is back")))
        .isEqualTo(new Done(false, 2));
  }

  @Test
  void canBeginAnewAfterItsEnd() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    complete(replica);
    end(replica, false);
    Failback again = home(replica);

    assertThat(
            failbacks
                .call()
                .beginFailback(
                    new FailbackActivities.BeginFailback(ours(replica, 4), replica.id(), again))
                .changed())
        .isTrue();

    assertThat(described(replica)).isEqualTo(again);
  }

  private CycleEnd finish(CyclePlan plan) {
    return cycles
        .call()
        .completeCycle(
            new CompleteCycle(
                plan.replica().id(),
                plan.number(),
                plan.fence(),
                point("web-01-next", Duration.ofHours(4)),
                Map.of(),
                4096,
                Duration.ofSeconds(2)));
  }

  private void forget(Replica replica, String point) {
    var _ = cycles.call().forgetRestorePoint(new ForgetRestorePoint(replica.id(), point));
  }

  private void rule(String... joined) {
    ProtectionRuleActivities rules = registry.protecting().rules();
    try (PortCaller<ProtectionRuleActivities> port =
        new PortCaller<>(ProtectionRuleActivities.class, rules)) {
      port.call()
          .writeRule(new WriteRule(RULE, Policy.every("gold", Duration.ofMinutes(5)), "dana"));
      port.call().recordJoined(new RecordJoined(RULE.id(), List.of(joined)));
    }
  }

  private List<String> joined() {
    ProtectionRuleActivities rules = registry.protecting().rules();
    try (PortCaller<ProtectionRuleActivities> port =
        new PortCaller<>(ProtectionRuleActivities.class, rules)) {
      return port.call().readRule(new ReadRule(RULE.id())).joined();
    }
  }

  /** Ids of the points that an operation may ask for, newest first. */
  private List<String> offered(Replica replica) {
    return registry.reconcile().describeClaim(new DescribeClaim(replica.id())).points().stream()
        .map(RestorePoint::id)
        .toList();
  }
}
