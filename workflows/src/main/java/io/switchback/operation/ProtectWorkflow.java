package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Pace;
import io.switchback.model.ProtectionRule;
import io.switchback.model.VmFilter;
import io.switchback.model.VmProfile;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.LookoutActivities.WatchRule;
import io.switchback.port.ProtectionPlanActivities.DescribePair;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Pairing;
import io.switchback.port.ProtectionPlanActivities.Standings;
import io.switchback.port.ProtectionRuleActivities.RecordJoined;
import io.switchback.port.ProtectionRuleActivities.WriteRule;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link ProtectVmWorkflow}. */
public final class ProtectWorkflow extends WatchedMembers implements Protect {
  public ProtectWorkflow() {
    super(new Members(Operation.PROTECT, ProtectVm.TYPE));
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult protect(@Nullable JsonNode input) {
    ProtectRequest request = ProtectRequest.read(input);
    String operationId = members.operationId(request.operationId());
    Workflow.upsertTypedSearchAttributes(Attributes.OPERATION.valueSet(Operation.PROTECT.words()));
    Ports ports = new Ports(request.pace() == null ? Pace.DEFAULT : request.pace());
    ProtectionPlan plan;
    Pace pace;
    try {
      Pairing pair = pair(request, ports); //              1  the registry, then both sites
      pace = request.pace() == null ? pair.pace() : request.pace();
      RollCall.of(Set.of(request.from(), request.to()), Set.of(), new Ports(pace));
      plan = plan(request, pair, new Ports(pace)); //      2  every mistake, before anything changes
    } catch (ActivityFailure failure) {
      throw nothingChanged(failure);
    }
    List<Members.Child> children = children(plan, request, pace);
    children.forEach(members::watch);
    List<String> notes = new ArrayList<>(plan.leftOut());
    VmFilter filter = request.filter();
    if (filter != null) { //                               3  what comes later joins by itself
      notes.add(
          keepRule(request.rule(filter, plan.policy().name()), plan, request, new Ports(pace)));
    }
    List<MemberResult> results = members.run(children); // 4
    if (filter != null) {
      rememberJoined(request.rule(filter, plan.policy().name()), plan, results, new Ports(pace));
    }
    Workflow.await(Workflow::isEveryHandlerFinished);
    return results.isEmpty()
        ? new OperationResult(Operation.PROTECT.words(), operationId, Outcome.DONE, results, notes)
        : OperationResult.of(Operation.PROTECT.words(), operationId, results, notes);
  }

  private static Pairing pair(ProtectRequest request, Ports ports) {
    Pairing pair =
        ports
            .protectionPlan("How do " + request.from() + " and " + request.to() + " go together?")
            .describePair(new DescribePair(request.from(), request.to(), request.policyName()));
    if (!pair.mistakes().isEmpty()) {
      throw OperationRequest.invalid(pair.mistakes());
    }
    return pair;
  }

  static ProtectionPlan plan(ProtectRequest request, Pairing pair, Ports ports) {
    Inventory found =
        ports
            .inventory(request.from(), "Which VMs are meant at " + request.from() + "?")
            .findVms(ProtectionPlan.asked(request));
    Standings standings =
        ports
            .protectionPlan("What does the registry say of them?")
            .findStandings(new FindStandings(found.vms().stream().map(VmProfile::vm).toList()));
    Inventory there =
        found.vms().isEmpty()
            ? new Inventory(List.of(), List.of(), false)
            : ports
                .inventory(request.to(), "What stands at " + request.to() + " already?")
                .findVms(ProtectionPlan.asked(request, found));
    ProtectionPlan plan = ProtectionPlan.of(request, pair, found, standings.vms(), there);
    if (!plan.mistakes().isEmpty()) {
      throw OperationRequest.invalid(plan.mistakes());
    }
    return plan;
  }

  private static RuntimeException nothingChanged(ActivityFailure failure) {
    if (failure.getCause() instanceof CanceledFailure cancelled) {
      return cancelled;
    }
    FaultException fault = Failures.toFault(failure);
    return new FaultException(
        fault.fault(), "Nothing was changed: " + fault.sentence() + " Then start the run again.");
  }

  private List<Members.Child> children(ProtectionPlan plan, ProtectRequest request, Pace pace) {
    return plan.vms().stream()
        .map(
            vm ->
                new Members.Child(
                    vm.replicaId(),
                    vm.name(),
                    ProtectVm.workflowId(vm.production().vm()),
                    new ProtectVmRequest(
                        vm,
                        members.derivedId(vm.replicaId()),
                        request.by(),
                        request.reason(),
                        pace,
                        Workflow.getInfo().getWorkflowId()),
                    Duration.ZERO,
                    (outcome, why) ->
                        MemberResult.of(
                            vm.name(), vm.replicaId(), outcome, null, List.of(), List.of(why))))
        .toList();
  }

  private static String keepRule(
      ProtectionRule rule, ProtectionPlan plan, ProtectRequest request, Ports ports) {
    try {
      ports
          .protectionRules("Protect what comes with " + rule.words())
          .writeRule(new WriteRule(rule, plan.policy(), request.by()));
      ports
          .lookout("Look for newcomers of " + rule.words())
          .watchRule(new WatchRule(rule.id(), rule.words()));
      return "VMs that come later with %s join by themselves; see 'protection/%s'"
          .formatted(rule.words(), rule.id());
    } catch (ActivityFailure failure) {
      throw Failures.toFault(failure);
    }
  }

  /** Those that did not get under protection are tried again by the rule. */
  private static void rememberJoined(
      ProtectionRule rule, ProtectionPlan plan, List<MemberResult> results, Ports ports) {
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).outcome() == Outcome.DONE) {
        joined.add(plan.vms().get(i).production().vm().id());
      }
    }
    try {
      ports
          .protectionRules("Remember who has joined by " + rule.words())
          .recordJoined(new RecordJoined(rule.id(), joined));
    } catch (ActivityFailure looksAgain) {
      Workflow.getLogger(ProtectWorkflow.class)
          .warn("who joined is learned by the rule's next look, rule={}", rule.id());
    }
  }
}
