package io.switchback.port;

import io.switchback.model.Policy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** Rules of protection in a {@link FakeRegistry}. */
class FakeProtectionRuleActivities implements ProtectionRuleActivities {
  final FakeRegistry registry;
  final FakeProtection kept;

  FakeProtectionRuleActivities(FakeRegistry registry) {
    this.registry = registry;
    this.kept = registry.protection();
  }

  @Override
  public Done writeRule(WriteRule request) {
    return registry.answering(
        "writeRule",
        request.rule().id(),
        () -> {
          keepPolicy(request.policy());
          boolean isNew =
              !request.rule().equals(kept.rules.put(request.rule().id(), request.rule()));
          return new Done(isNew, Attempts.current());
        });
  }

  void keepPolicy(Policy policy) {
    FakeProtectionActivities.keep(registry, policy, "");
  }

  @Override
  public Done removeRule(RemoveRule request) {
    return registry.answering(
        "removeRule",
        request.ruleId(),
        () -> {
          forget(request.ruleId());
          return new Done(kept.rules.remove(request.ruleId()) != null, Attempts.current());
        });
  }

  void forget(String ruleId) {
    kept.joined.remove(ruleId);
  }

  @Override
  public RuleStanding readRule(ReadRule request) {
    return registry.answering(
        "readRule",
        request.ruleId(),
        () ->
            new RuleStanding(
                kept.rules.get(request.ruleId()),
                new ArrayList<>(kept.joined.getOrDefault(request.ruleId(), Set.of())),
                Attempts.current()));
  }

  @Override
  public Done recordJoined(RecordJoined request) {
    return registry.answering(
        "recordJoined",
        request.ruleId(),
        () ->
            new Done(
                isThere(request.ruleId())
                    && kept.joined
                        .computeIfAbsent(request.ruleId(), id -> new LinkedHashSet<>())
                        .addAll(request.vms()),
                Attempts.current()));
  }

  boolean isThere(String ruleId) {
    return kept.rules.containsKey(ruleId);
  }
}
