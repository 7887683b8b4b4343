package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.lifecycle.Operation;
import io.switchback.model.VmRef;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.RecordAudit;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.ProtectionPlanActivities.Standing;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells people what a rule has brought about: in the loop's details, in the audit, and, what
 * somebody must look after, by a call; each thing once.
 */
final class RuleReport {
  private final String ruleId;
  private final String words;
  private final Ports ports;
  private final Map<String, String> told;
  private final List<String> joined = new ArrayList<>();
  private final Map<String, String> failed = new LinkedHashMap<>();
  private List<String> left = List.of();
  private List<String> leftOut = List.of();
  private String problem = "";
  private Instant lookedAt = Instant.EPOCH;

  RuleReport(NewcomersRequest request, Ports ports) {
    this.ruleId = request.ruleId();
    this.words = request.words();
    this.ports = ports;
    this.told = new LinkedHashMap<>(request.told());
  }

  /** What people were told already. */
  Map<String, String> told() {
    return told;
  }

  void looked() {
    problem = "";
    lookedAt = RunClock.now();
    show();
  }

  void problem(String why) {
    problem = why;
    show();
  }

  void joined(VmRef vm) {
    joined.add(vm.name());
    failed.remove(vm.name());
    told.remove(vm.id());
    audit(vm, "JOINED", "came under protection by " + words);
    show();
  }

  void failed(VmRef vm, String why) {
    failed.put(vm.name(), why);
    tell(vm, "join", "FAILED", "could not be protected by %s: %s".formatted(words, why));
    show();
  }

  void noLongerFailed(List<VmRef> vms) {
    for (VmRef vm : vms) {
      failed.remove(vm.name());
      told.remove(vm.id());
    }
  }

  void left(List<VmRef> vms) {
    left = vms.stream().map(VmRef::name).toList();
    for (VmRef vm : vms) {
      tell(
          vm,
          "left",
          "LEFT",
          "is protected by %s and no longer among its VMs; it stays protected. Unprotect it by name if that is meant."
              .formatted(words));
    }
  }

  void leftOut(List<Standing> standings) {
    leftOut =
        standings.stream()
            .filter(vm -> vm.protectedBy() == null && !vm.excluded().isEmpty())
            .map(vm -> vm.vm().name() + ": " + vm.excluded())
            .toList();
  }

  NewcomersStatus status() {
    return new NewcomersStatus(
        words,
        joined,
        failed.entrySet().stream().map(one -> one.getKey() + ": " + one.getValue()).toList(),
        left,
        leftOut,
        problem,
        lookedAt);
  }

  private void tell(VmRef vm, String step, String outcome, String sentence) {
    if (sentence.equals(told.put(vm.id(), sentence))) {
      return;
    }
    audit(vm, outcome, sentence);
    var run = Workflow.getInfo();
    Notice notice =
        new Notice(
            ruleId + "/" + vm.id() + "/" + outcome + "/" + Workflow.currentTimeMillis(),
            Operation.PROTECT.words(),
            run.getWorkflowId(),
            run.getRunId(),
            vm.name(),
            step,
            outcome,
            "'" + vm.name() + "' " + sentence,
            List.of());
    Async.function(ports.notify("Tell of " + vm.name())::page, notice)
        .handle((paged, failure) -> failure == null ? "" : nobodyCalled(vm));
  }

  private static String nobodyCalled(VmRef vm) {
    Workflow.getLogger(RuleReport.class).warn("nobody was called, vm={}", vm.name());
    return vm.name();
  }

  private void audit(VmRef vm, String outcome, String detail) {
    try {
      ports
          .catalogue("Keep what became of " + vm.name())
          .recordAudit(
              new RecordAudit(
                  List.of(
                      new AuditEntry(
                          Workflow.randomUUID().toString(),
                          Operation.PROTECT,
                          vm.site() + "/" + vm.id(),
                          "rule",
                          1,
                          1,
                          outcome,
                          words,
                          detail,
                          RunClock.now()))));
    } catch (ActivityFailure away) {
      Workflow.getLogger(RuleReport.class).warn("the audit lacks an entry, vm={}", vm.name());
    }
  }

  private void show() {
    Workflow.setCurrentDetails(
        "**look for newcomers · %s**\n\n%d joined · %d could not · %d have left · %d left out%s%s"
            .formatted(
                Details.escaped(words),
                joined.size(),
                failed.size(),
                left.size(),
                leftOut.size(),
                status().failed().stream()
                    .limit(10)
                    .map(line -> "\n- " + Details.escaped(line))
                    .collect(joining()),
                problem.isEmpty() ? "" : "\n\n" + Details.escaped(problem)));
  }
}
