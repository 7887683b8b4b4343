package io.switchback.port;

import io.switchback.model.Policy;
import io.switchback.model.ProtectionRule;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tags and folders whose VMs are protected as they come, in the registry.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Milliseconds.
 */
@ActivityInterface
public interface ProtectionRuleActivities {
  /**
   * Writes the rule and its policy, in place of a rule of the same id; who has joined by it stays
   * known. If it stands there already, answers {@code changed = false}.
   *
   * @throws io.switchback.fault.FaultException INVALID_INPUT when the policy's name stands for
   *     other settings that VMs rely on
   */
  Done writeRule(WriteRule request);

  /** Removes the rule. If there is none, answers {@code changed = false}. */
  Done removeRule(RemoveRule request);

  /**
   * Answers the rule, and which VMs it has ever brought under protection; with {@code rule} null,
   * and nobody, when it was removed.
   */
  RuleStanding readRule(ReadRule request);

  /**
   * Remembers that the rule has brought these VMs under protection. If all are remembered already,
   * or the rule was removed, answers {@code changed = false}.
   */
  Done recordJoined(RecordJoined request);

  /** Asks to keep a rule. */
  record WriteRule(ProtectionRule rule, Policy policy, String by) {}

  /** Asks to remove a rule. */
  record RemoveRule(String ruleId) {}

  /** Asks for a rule. */
  record ReadRule(String ruleId) {}

  /**
   * A rule.
   *
   * @param rule null when there is none
   * @param joined ids, at the production site, of the VMs that came under protection by it, also of
   *     those that have left it since
   */
  record RuleStanding(@Nullable ProtectionRule rule, List<String> joined, int attempt) {
    public RuleStanding {
      joined = List.copyOf(joined);
    }
  }

  /** VMs that have joined, by their ids at the production site. */
  record RecordJoined(String ruleId, List<String> vms) {
    public RecordJoined {
      vms = List.copyOf(vms);
    }
  }
}
