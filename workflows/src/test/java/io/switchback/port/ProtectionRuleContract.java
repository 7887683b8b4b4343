package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.ProtectionRule;
import io.switchback.model.VmFilter;
import io.switchback.port.ProtectionPlanActivities.DescribePair;
import io.switchback.port.ProtectionRuleActivities.ReadRule;
import io.switchback.port.ProtectionRuleActivities.RecordJoined;
import io.switchback.port.ProtectionRuleActivities.RemoveRule;
import io.switchback.port.ProtectionRuleActivities.RuleStanding;
import io.switchback.port.ProtectionRuleActivities.WriteRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link ProtectionRuleActivities} promises. */
public abstract class ProtectionRuleContract extends ProtectingContract {
  private static final ProtectionRule RULE = rule(Duration.ofMinutes(1));

  @Test
  void keepsTheRuleAndItsPolicy() {
    assertThat(write(RULE)).isEqualTo(new Done(true, 1));

    assertThat(read()).isEqualTo(new RuleStanding(RULE, List.of(), 1));
    assertThat(policy()).isEqualTo(GOLD);
  }

  @Test
  void changesNothingWhenTheRuleStandsThereAlready() {
    write(RULE);

    assertThat(rules.attempt(2).writeRule(new WriteRule(RULE, GOLD, "dana")))
        .isEqualTo(new Done(false, 2));
  }

  @Test
  void putsARuleInPlaceOfOneOfItsId() {
    write(RULE);
    join("vm-web");
    ProtectionRule slower = rule(Duration.ofMinutes(10));

    assertThat(write(slower).changed()).isTrue();

    assertThat(read()).isEqualTo(new RuleStanding(slower, List.of("vm-web"), 1));
  }

  @Test
  void writesNoPolicyOverAnotherOfTheNameThatVmsRelyOn() {
    protect(DB, GOLD);
    Policy other = Policy.every("gold", Duration.ofHours(1));

    assertFault(
        Fault.INVALID_INPUT, () -> rules.call().writeRule(new WriteRule(RULE, other, "dana")));

    assertThat(policy()).isEqualTo(GOLD);
    assertThat(read().rule()).isNull();
  }

  @Test
  void removesTheRuleOnceWithWhoHasJoinedByIt() {
    write(RULE);
    join("vm-web");
    RemoveRule request = new RemoveRule(RULE.id());

    assertThat(rules.call().removeRule(request)).isEqualTo(new Done(true, 1));
    assertThat(rules.attempt(2).removeRule(request)).isEqualTo(new Done(false, 2));

    assertThat(read()).isEqualTo(new RuleStanding(null, List.of(), 1));
    write(RULE);
    assertThat(read().joined()).isEmpty();
  }

  @Test
  void remembersWhoHasJoined() {
    write(RULE);

    assertThat(join("vm-web").changed()).isTrue();
    assertThat(join("vm-web", "vm-db").changed()).isTrue();
    assertThat(join("vm-db").changed()).isFalse();

    assertThat(read().joined()).containsExactlyInAnyOrder("vm-web", "vm-db");
  }

  @Test
  void remembersNobodyForARuleThatWasRemoved() {
    assertThat(join("vm-web").changed()).isFalse();

    write(RULE);
    assertThat(read().joined()).isEmpty();
  }

  @Test
  void keepsRulesApart() {
    ProtectionRule other =
        new ProtectionRule(
            "berlin",
            "paris",
            VmFilter.folder("gold"),
            "gold",
            List.of(),
            Placement.ANYWHERE,
            Duration.ofMinutes(1));
    write(RULE);
    write(other);
    join("vm-web");

    rules.call().removeRule(new RemoveRule(other.id()));

    assertThat(read().joined()).containsExactly("vm-web");
    assertThat(rules.call().readRule(new ReadRule(other.id())).rule()).isNull();
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> write(RULE));
    assertFault(Fault.REGISTRY_UNAVAILABLE, this::read);
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> join("vm-web"));
    assertFault(
        Fault.REGISTRY_UNAVAILABLE, () -> rules.call().removeRule(new RemoveRule(RULE.id())));
  }

  private static ProtectionRule rule(Duration every) {
    return new ProtectionRule(
        "berlin", "paris", VmFilter.tag("gold"), "gold", LAN, Placement.ANYWHERE, every);
  }

  private Done write(ProtectionRule rule) {
    return rules.call().writeRule(new WriteRule(rule, GOLD, "dana"));
  }

  private RuleStanding read() {
    return rules.call().readRule(new ReadRule(RULE.id()));
  }

  private Done join(String... vms) {
    return rules.call().recordJoined(new RecordJoined(RULE.id(), List.of(vms)));
  }

  private Policy policy() {
    Policy known = plan.call().describePair(new DescribePair("berlin", "paris", "gold")).policy();
    assertThat(known).isNotNull();
    return known;
  }
}
