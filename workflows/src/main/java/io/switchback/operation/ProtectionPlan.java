package io.switchback.operation;

import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Policy;
import io.switchback.model.PowerState;
import io.switchback.model.Seed;
import io.switchback.model.VmProfile;
import io.switchback.operation.ProtectRequest.SelectedVm;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.ProtectionPlanActivities.Pairing;
import io.switchback.port.ProtectionPlanActivities.Protection;
import io.switchback.port.ProtectionPlanActivities.Standing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the VMs of an input are going to be protected, and every mistake in it. A run and its preview
 * find it in the same way.
 */
public final class ProtectionPlan {
  /** What a replica VM's name ends with, unless it is given one. */
  public static final String SUFFIX = "_replica";

  private final ProtectRequest request;
  private final Pairing pair;
  private final Inventory there;
  private final List<PlannedVm> vms = new ArrayList<>();
  private final Set<String> mistakes = new LinkedHashSet<>();
  private final List<String> leftOut = new ArrayList<>();

  private ProtectionPlan(ProtectRequest request, Pairing pair, Inventory there) {
    this.request = request;
    this.pair = pair;
    this.there = there;
  }

  /** The VMs that an input asks for at their site. */
  public static FindVms asked(ProtectRequest request) {
    return new FindVms(
        request.from(),
        request.vms().stream().map(SelectedVm::name).toList(),
        request.filter() == null ? "" : request.filter().tagOrEmpty(),
        request.filter() == null ? "" : request.filter().folderOrEmpty());
  }

  /** The VMs at the recovery site that may be in the way, or are to begin from. */
  public static FindVms asked(ProtectRequest request, Inventory found) {
    List<String> names = new ArrayList<>();
    for (VmProfile vm : found.vms()) {
      SelectedVm selected = selected(request, vm);
      names.add(replicaName(selected, vm));
      Seed seed = selected.seed();
      if (seed != null) {
        names.add(seed.vm());
      }
    }
    return new FindVms(request.to(), names, "", "");
  }

  /**
   * Makes the plan.
   *
   * @param found what there is at the VMs' site, {@code there} at the recovery site
   * @param standings what the registry says of each VM found, in the same order
   */
  public static ProtectionPlan of(
      ProtectRequest request,
      Pairing pair,
      Inventory found,
      List<Standing> standings,
      Inventory there) {
    ProtectionPlan plan = new ProtectionPlan(request, pair, there);
    found.missing().forEach(plan::missing);
    if (found.cut()) {
      plan.mistakes.add(
          "more than %d VMs are meant; name fewer at once".formatted(found.vms().size()));
    }
    for (int i = 0; i < found.vms().size(); i++) {
      plan.add(found.vms().get(i), standings.get(i));
    }
    return plan;
  }

  /** How each VM is going to be protected. */
  public List<PlannedVm> vms() {
    return List.copyOf(vms);
  }

  /** Every mistake; a run with one changes nothing. */
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /** VMs that a tag or folder means and that are not protected by it, in sentences. */
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** The policy under which the VMs come. */
  public Policy policy() {
    Policy given = request.policy() == null ? pair.policy() : request.policy();
    return given == null ? Policy.DEFAULT : given;
  }

  private void missing(String name) {
    mistakes.add("site '%s' has no VM '%s'".formatted(request.from(), name));
  }

  private void add(VmProfile vm, Standing standing) {
    SelectedVm selected = selected(request, vm);
    Protection known = standing.protectedBy();
    if (!standing.replicaOf().isEmpty()) {
      mistakes.add(
          "'%s' is itself the replica of '%s'".formatted(vm.vm().name(), standing.replicaOf()));
      return;
    }
    if (request.filter() != null && known == null && !standing.excluded().isEmpty()) {
      leftOut.add(
          "'%s' is left out: %s; name it to protect it again"
              .formatted(vm.vm().name(), standing.excluded()));
      return;
    }
    if (known != null) {
      refuseOtherProtection(vm, known);
    } else if (!standing.reserved()) {
      refuseTakenName(vm, selected);
    }
    Hardware hardware = mapped(vm);
    if (vm.disks().isEmpty()) {
      mistakes.add("'%s' has no disk, so there is nothing to replicate".formatted(vm.vm().name()));
    }
    Seed seed = selected.seed();
    if (seed != null && known == null) {
      refuseUnfitSeed(vm, seed);
    }
    vms.add(
        new PlannedVm(
            vm,
            standing.replicaId(),
            request.to(),
            replicaName(selected, vm),
            hardware,
            networks(),
            request.placement().orElse(pair.placement()),
            known == null ? policy() : known.policy(),
            seed,
            known != null));
  }

  private void refuseOtherProtection(VmProfile vm, Protection known) {
    String name = vm.vm().name();
    if (!known.replica().recovery().site().equals(request.to())) {
      mistakes.add(
          "'%s' is protected at site '%s' already; unprotect it first"
              .formatted(name, known.replica().recovery().site()));
    }
    boolean asksForOne = request.policy() != null || request.policyName() != null;
    if (asksForOne && request.filter() == null && !known.policy().equals(policy())) {
      mistakes.add(
          "'%s' is protected under policy '%s' already, which differs; change it with Reconfigure"
              .formatted(name, known.policy().name()));
    }
  }

  private void refuseTakenName(VmProfile vm, SelectedVm selected) {
    String name = replicaName(selected, vm);
    boolean isSeed = selected.seed() != null;
    if (!isSeed && thereIs(name).isPresent()) {
      mistakes.add(
          "site '%s' has a VM '%s' already; begin from it, {\"name\":\"%s\",\"seed\":{\"vm\":\"%s\"}}, or give another replicaName"
              .formatted(request.to(), name, vm.vm().name(), name));
    }
  }

  private void refuseUnfitSeed(VmProfile vm, Seed seed) {
    Optional<VmProfile> found = thereIs(seed.vm());
    if (found.isEmpty() && seed.namesAFile()) {
      // The site looks at its files when the VM is registered.
      return;
    }
    if (found.isEmpty()) {
      mistakes.add("site '%s' has no VM '%s' to begin from".formatted(request.to(), seed.vm()));
      return;
    }
    if (found.get().power() != PowerState.OFF) {
      mistakes.add("seed '%s' runs; power it off first".formatted(seed.vm()));
    }
    if (found.get().disks().size() < vm.disks().size()) {
      mistakes.add(
          "seed '%s' has %d disks, '%s' has %d"
              .formatted(seed.vm(), found.get().disks().size(), vm.vm().name(), vm.disks().size()));
    }
  }

  private Optional<VmProfile> thereIs(String nameOrId) {
    return there.vms().stream()
        .filter(vm -> List.of(vm.vm().name(), vm.vm().id()).contains(nameOrId))
        .findFirst();
  }

  private List<NetworkMapping> networks() {
    List<NetworkMapping> all = new ArrayList<>(request.networks());
    pair.networks().stream()
        .filter(
            of ->
                request.networks().stream()
                    .noneMatch(own -> own.production().equals(of.production())))
        .forEach(all::add);
    return all;
  }

  private Hardware mapped(VmProfile vm) {
    List<Nic> nics = new ArrayList<>();
    for (Nic nic : vm.hardware().nics()) {
      Optional<NetworkMapping> mapping =
          networks().stream().filter(one -> one.production().equals(nic.network())).findFirst();
      if (mapping.isEmpty()) {
        mistakes.add(
            "network '%s' of '%s' is mapped to none at site '%s'; add it to the pair of sites, or give networks:{\"%s\":\"…\"}"
                .formatted(nic.network(), vm.vm().name(), request.to(), nic.network()));
      } else {
        nics.add(new Nic(mapping.get().recovery(), nic.connected(), nic.addresses()));
      }
    }
    return vm.hardware().with(nics);
  }

  private static SelectedVm selected(ProtectRequest request, VmProfile vm) {
    return request.vms().stream()
        .filter(one -> List.of(vm.vm().name(), vm.vm().id()).contains(one.name()))
        .findFirst()
        .orElseGet(() -> new SelectedVm(vm.vm().name(), null, ""));
  }

  private static String replicaName(SelectedVm selected, VmProfile vm) {
    return selected.replicaName().isEmpty() ? vm.vm().name() + SUFFIX : selected.replicaName();
  }
}
