package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.model.ProtectionRule;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Standing;
import io.switchback.port.ProtectionRuleActivities.ReadRule;
import io.switchback.port.ProtectionRuleActivities.RecordJoined;
import io.switchback.port.ProtectionRuleActivities.RuleStanding;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The look-out of one rule. */
public final class NewcomersWorkflow implements Newcomers {
  private static final int LOOKS_PER_RUN = 200;

  /** More at once come with the next look. */
  private static final int AT_ONCE = 20;

  private final NewcomersRequest request;
  private final Ports ports;
  private final RuleReport report;
  private final Set<String> beingProtected = new LinkedHashSet<>();

  /** Newcomers on which another run was at work when they were to join. */
  private final Set<String> refusedOnce = new LinkedHashSet<>();

  private boolean woken;

  @WorkflowInit
  public NewcomersWorkflow(NewcomersRequest request) {
    this.request = request;
    this.ports = new Ports(request.pace());
    this.report = new RuleReport(request, ports);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void watch(NewcomersRequest asked) {
    Workflow.upsertTypedSearchAttributes(Attributes.OPERATION.valueSet("look for newcomers"));
    for (int looks = 0; looks < LOOKS_PER_RUN; looks++) {
      if (Workflow.getInfo().isContinueAsNewSuggested()) {
        break;
      }
      woken = false;
      Duration pause = Nap.AFTER_A_PROBLEM;
      try {
        ProtectionRule rule = lookOnce();
        if (rule == null) {
          return;
        }
        pause = rule.every();
      } catch (ActivityFailure failure) {
        Cancellation.rethrow(failure);
        report.problem(Failures.toFault(failure).sentence());
      }
      rest(pause);
    }
    Workflow.await(Workflow::isEveryHandlerFinished);
    Workflow.continueAsNew(
        new NewcomersRequest(request.ruleId(), request.words(), request.pace(), report.told()));
  }

  /** The rule; null when it is no longer there. */
  private @Nullable ProtectionRule lookOnce() {
    RuleStanding standing = //                                             1
        ports
            .protectionRules("Does " + request.words() + " still protect?")
            .readRule(new ReadRule(request.ruleId()));
    ProtectionRule rule = standing.rule();
    if (rule == null) {
      return null;
    }
    Inventory found = //                                                   2
        ports
            .inventory(rule.from(), "Which VMs are meant by " + rule.words() + "?")
            .findVms(
                new FindVms(
                    rule.from(), List.of(), rule.vms().tagOrEmpty(), rule.vms().folderOrEmpty()));
    List<Standing> standings = //                                          3
        ports
            .protectionPlan("What does the registry say of them?")
            .findStandings(new FindStandings(found.vms().stream().map(VmProfile::vm).toList()))
            .vms();
    report.noLongerFailed(outOfTheWay(standings));
    report.leftOut(standings);
    List<VmRef> newcomers = newcomers(standings, standing.joined());
    newcomers.forEach(vm -> join(vm, rule)); //                            4
    if (!found.cut()) {
      reportLeavers(rule, found, standing.joined()); //                    5
    }
    report.looked();
    return rule;
  }

  /** A VM that somebody has taken out is not protected again a minute later. */
  private List<VmRef> newcomers(List<Standing> standings, List<String> joined) {
    return standings.stream()
        .filter(vm -> vm.protectedBy() == null && !vm.reserved() && vm.replicaOf().isEmpty())
        .filter(vm -> vm.excluded().isEmpty())
        .map(Standing::vm)
        .filter(vm -> !joined.contains(vm.id()) && !beingProtected.contains(vm.id()))
        .limit(AT_ONCE)
        .toList();
  }

  /** VMs that somebody else has brought under protection meanwhile, or is about to. */
  private static List<VmRef> outOfTheWay(List<Standing> standings) {
    return standings.stream()
        .filter(vm -> vm.protectedBy() != null || vm.reserved() || !vm.excluded().isEmpty())
        .map(Standing::vm)
        .toList();
  }

  /** A run for each, so that what is wrong with one keeps no other from joining. */
  private void join(VmRef vm, ProtectionRule rule) {
    beingProtected.add(vm.id());
    Workflow.newUntypedChildWorkflowStub(
            "Protect",
            ChildWorkflowOptions.newBuilder()
                .setWorkflowId(
                    Newcomers.workflowId(rule.id()) + "/" + vm.id() + "/" + Workflow.randomUUID())
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                .setStaticSummary(Details.escaped("protect " + vm.name() + ", " + rule.words()))
                .build())
        .executeAsync(OperationResult.class, input(vm, rule))
        .handle((result, failure) -> ended(vm, rule, result, failure));
  }

  private static Map<String, Object> input(VmRef vm, ProtectionRule rule) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("vms", List.of(vm.id()));
    input.put("from", rule.from());
    input.put("to", rule.to());
    input.put("policy", rule.policy());
    input.put("networks", rule.networks());
    input.put("placement", rule.placement());
    input.put("by", rule.words());
    input.put("reason", "joined by itself");
    return input;
  }

  private String ended(
      VmRef vm,
      ProtectionRule rule,
      @Nullable OperationResult result,
      @Nullable RuntimeException failure) {
    beingProtected.remove(vm.id());
    if (result != null && result.outcome() == Outcome.DONE) {
      remember(vm);
      refusedOnce.remove(vm.id());
      if (isNew(result)) {
        report.joined(vm);
      }
      return vm.name();
    }
    // Whoever protects it now, such as the run that has made this rule, will tell. Only a run that
    // is still in the way at the next look is worth a call.
    if (result != null && isRefused(result) && refusedOnce.add(vm.id())) {
      return vm.name();
    }
    String why =
        result != null
            ? result.members().stream()
                .flatMap(member -> member.notes().stream())
                .findFirst()
                .orElse("it ended " + result.outcome())
            : reason(failure);
    report.failed(vm, why);
    return rule.id();
  }

  /** Whether it came under protection by this run; another one may have been quicker. */
  private static boolean isNew(OperationResult result) {
    return result.members().stream().anyMatch(member -> member.state() != null);
  }

  private static boolean isRefused(OperationResult result) {
    return result.members().stream().anyMatch(member -> member.outcome() == Outcome.REFUSED);
  }

  private static String reason(@Nullable RuntimeException failure) {
    Throwable cause = failure instanceof ChildWorkflowFailure child ? child.getCause() : failure;
    return cause instanceof io.temporal.failure.ApplicationFailure refused
        ? refused.getOriginalMessage()
        : String.valueOf(cause);
  }

  private void remember(VmRef vm) {
    try {
      ports
          .protectionRules("Remember that " + vm.name() + " has joined")
          .recordJoined(new RecordJoined(request.ruleId(), List.of(vm.id())));
    } catch (ActivityFailure away) {
      report.problem(Failures.toFault(away).sentence());
    }
  }

  private void reportLeavers(ProtectionRule rule, Inventory found, List<String> joined) {
    Set<String> here = new java.util.HashSet<>();
    found.vms().forEach(vm -> here.add(vm.vm().id()));
    List<VmRef> gone =
        joined.stream()
            .filter(id -> !here.contains(id))
            .map(id -> new VmRef(rule.from(), id, id))
            .toList();
    if (gone.isEmpty()) {
      report.left(List.of());
      return;
    }
    List<Standing> standings =
        ports
            .protectionPlan("Are those that have left still protected?")
            .findStandings(new FindStandings(gone))
            .vms();
    List<VmRef> left = new ArrayList<>();
    for (Standing standing : standings) {
      var protectedBy = standing.protectedBy();
      if (protectedBy != null) {
        left.add(protectedBy.replica().production());
      }
    }
    report.left(left);
  }

  private void rest(Duration interval) {
    if (!woken) {
      Nap.await(interval, "until the next look", () -> woken);
    }
  }

  @Override
  public void look() {
    woken = true;
  }

  @Override
  public NewcomersStatus status() {
    return report.status();
  }
}
