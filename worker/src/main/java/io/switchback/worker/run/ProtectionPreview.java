package io.switchback.worker.run;

import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.operation.OperationRequest;
import io.switchback.operation.PlannedVm;
import io.switchback.operation.Procedure;
import io.switchback.operation.ProtectRequest;
import io.switchback.operation.ProtectionPlan;
import io.switchback.operation.StepKind;
import io.switchback.port.InventoryActivities;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.ProtectionPlanActivities;
import io.switchback.port.ProtectionPlanActivities.DescribePair;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Pairing;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.Preview.VmPreview;
import java.util.ArrayList;
import java.util.List;

/** Says what a protection would do, by the same plan that the run makes. Changes nothing. */
public final class ProtectionPreview {
  private final ProtectionPlanActivities registry;
  private final InventoryActivities sites;

  public ProtectionPreview(ProtectionPlanActivities registry, InventoryActivities sites) {
    this.registry = registry;
    this.sites = sites;
  }

  /**
   * What the run would do.
   *
   * @throws Refusal with every mistake in the input, or when a site cannot be asked from here
   */
  public Preview of(RunRequest request) {
    ProtectRequest read = ProtectRequest.read(request.input());
    try {
      ProtectionPlan plan = plan(read);
      return new Preview(
          request.operation().type(),
          request.workflowId(),
          plan.vms().stream().map(vm -> preview(vm, read)).toList(),
          List.of());
    } catch (FaultException fault) {
      throw new Refusal(ExitCode.USAGE, fault.sentence(), fault);
    }
  }

  private ProtectionPlan plan(ProtectRequest request) {
    Pairing pair =
        registry.describePair(new DescribePair(request.from(), request.to(), request.policyName()));
    refuse(pair.mistakes());
    Inventory found = sites.findVms(ProtectionPlan.asked(request));
    ProtectionPlan plan =
        ProtectionPlan.of(
            request,
            pair,
            found,
            registry
                .findStandings(new FindStandings(found.vms().stream().map(VmProfile::vm).toList()))
                .vms(),
            sites.findVms(ProtectionPlan.asked(request, found)));
    refuse(plan.mistakes());
    return plan;
  }

  private static void refuse(List<String> mistakes) {
    if (!mistakes.isEmpty()) {
      throw OperationRequest.invalid(mistakes);
    }
  }

  private static VmPreview preview(PlannedVm vm, ProtectRequest request) {
    List<String> notes = new ArrayList<>();
    if (vm.isProtected()) {
      notes.add("is protected already; its replication is woken");
    } else {
      notes.add(
          "policy %s: every %s, RPO objective %s, the newest %d points"
              .formatted(
                  vm.policy().name(),
                  Words.of(vm.policy().interval()),
                  Words.of(vm.policy().rpoObjective()),
                  vm.policy().retention().points()));
      notes.add("%d disks, networks %s".formatted(vm.production().disks().size(), networks(vm)));
      if (vm.seed() != null) {
        notes.add("begins from '%s': both sides are compared".formatted(vm.seed().vm()));
      }
    }
    if (request.filter() != null) {
      notes.add(
          "VMs that come later with %s join by themselves".formatted(request.filter().words()));
    }
    return new VmPreview(
        vm.name(),
        vm.replicaId(),
        vm.production().vm(),
        new VmRef(vm.to(), vm.replicaName(), vm.replicaName()),
        null,
        ReplicaState.SEEDING,
        null,
        null,
        null,
        Procedure.of(Operation.PROTECT).steps().stream().map(StepKind::words).toList(),
        notes);
  }

  private static String networks(PlannedVm vm) {
    List<String> mapped = new ArrayList<>();
    for (int i = 0; i < vm.hardware().nics().size(); i++) {
      mapped.add(
          vm.production().hardware().nics().get(i).network()
              + " → "
              + vm.hardware().nics().get(i).network());
    }
    return mapped.isEmpty() ? "none" : String.join(", ", mapped);
  }
}
