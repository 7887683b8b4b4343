package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Mistakes;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.ProtectionRule;
import io.switchback.model.VmFilter;
import io.switchback.port.LookoutActivities.WatchRule;
import io.switchback.port.ProtectionRuleActivities.ReadRule;
import io.switchback.port.ProtectionRuleActivities.RemoveRule;
import io.switchback.port.ProtectionRuleActivities.RuleStanding;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Ends the protection of a tag or folder: nobody joins by it any more, its VMs stay protected. */
public final class EndOfRule {
  private static final Set<String> FIELDS =
      Set.of("tag", "folder", "from", "by", "reason", "operationId");

  private EndOfRule() {}

  /** Whether the input is about a tag or folder, and not about VMs. */
  public static boolean isMeant(@Nullable JsonNode input) {
    return input != null && input.isObject() && (input.has("tag") || input.has("folder"));
  }

  /**
   * Reads the input as what every operation takes, without VMs.
   *
   * @throws io.switchback.fault.FaultException INVALID_INPUT with every mistake
   */
  public static OperationRequest read(JsonNode input) {
    Mistakes mistakes = new Mistakes();
    var _ = rule(input, mistakes);
    OperationRequest read =
        new OperationRequest(
            List.of(),
            List.of(),
            Input.text(input, "", "by", "not named", mistakes),
            Input.text(input, "", "reason", "", mistakes),
            OperationRequest.operationId(input, mistakes),
            null);
    if (!mistakes.found().isEmpty()) {
      throw OperationRequest.invalid(mistakes.found());
    }
    return read;
  }

  static OperationResult conduct(@Nullable JsonNode input) {
    Mistakes mistakes = new Mistakes();
    ProtectionRule rule = rule(input, mistakes);
    if (rule == null) {
      throw OperationRequest.invalid(mistakes.found());
    }
    Ports ports = new Ports(Pace.DEFAULT);
    try {
      RuleStanding standing =
          ports
              .protectionRules("Who has joined by " + rule.words() + "?")
              .readRule(new ReadRule(rule.id()));
      if (standing.rule() == null) {
        throw OperationRequest.invalid(List.of("nothing protects " + rule.words() + " by itself"));
      }
      ports
          .protectionRules("Nobody joins by " + rule.words() + " any more")
          .removeRule(new RemoveRule(rule.id()));
      ports
          .lookout("Let the look-out for " + rule.words() + " end")
          .watchRule(new WatchRule(rule.id(), rule.words()));
      return new OperationResult(
          Operation.UNPROTECT.words(),
          "",
          Outcome.DONE,
          List.of(),
          List.of(
              "nobody joins by %s any more; %d VMs that have joined stay protected until they are named"
                  .formatted(rule.words(), standing.joined().size())));
    } catch (ActivityFailure failure) {
      throw Failures.toFault(failure);
    }
  }

  private static @Nullable ProtectionRule rule(@Nullable JsonNode input, Mistakes mistakes) {
    if (input == null) {
      return null;
    }
    Input.unknownFields(input, FIELDS, "", mistakes);
    String tag = Input.text(input, "", "tag", "", mistakes);
    String folder = Input.text(input, "", "folder", "", mistakes);
    String from = Input.text(input, "", "from", "", mistakes);
    mistakes
        .unless(tag.isEmpty() != folder.isEmpty(), "give a tag or a folder")
        .required(from, "from, the site of the VMs,");
    if (!mistakes.found().isEmpty()) {
      return null;
    }
    VmFilter filter = tag.isEmpty() ? VmFilter.folder(folder) : VmFilter.tag(tag);
    return new ProtectionRule(
        from, "-", filter, "-", List.of(), Placement.ANYWHERE, Duration.ofMinutes(1));
  }
}
