package io.switchback.worker;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.lab.VmView;
import io.switchback.model.DiskPair;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.registry.EnrolledSite;
import io.switchback.registry.EnrolledVm;
import io.switchback.registry.Enrolment;
import io.switchback.registry.RegistryDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Enrols lab VMs: a replica VM at the recovery site for each, and both in the registry as SEEDING.
 * Running it again changes nothing.
 */
public final class LabEnrolment {
  /** What a replica VM's name ends with. */
  public static final String SUFFIX = "_replica";

  private final RegistryDatabase registry;
  private final LabClient production;
  private final LabClient recovery;

  public LabEnrolment(RegistryDatabase registry, LabClient production, LabClient recovery) {
    this.registry = registry;
    this.production = production;
    this.recovery = recovery;
  }

  /**
   * Enrols the production VMs of the given names.
   *
   * @param sites both sites, with their settings
   * @return the replicas, in the order of the names
   */
  public List<Replica> enrol(List<String> vms, List<EnrolledSite> sites, Policy policy) {
    String productionSite = production.site().site();
    String recoverySite = recovery.site().site();
    List<EnrolledVm> enrolled = new ArrayList<>();
    for (String name : vms) {
      VmView vm = production.look(name);
      VmView replica = replicaOf(vm);
      List<DiskPair> disks = new ArrayList<>();
      for (int i = 0; i < vm.disks().size(); i++) {
        disks.add(
            new DiskPair(
                vm.disks().get(i).id(),
                replica.disks().get(i).id(),
                vm.disks().get(i).capacityBytes()));
      }
      enrolled.add(
          new EnrolledVm(
              new VmRef(productionSite, vm.id(), vm.name()),
              new VmRef(recoverySite, replica.id(), replica.name()),
              disks,
              replica.networks().stream().map(NetworkCard::network).toList(),
              policy.name()));
    }
    return new Enrolment(registry).enrol(sites, List.of(policy), enrolled);
  }

  /** The replica VM, made when it is not there: the same shape, empty disks, the same addresses. */
  private VmView replicaOf(VmView vm) {
    String name = vm.name() + SUFFIX;
    Optional<VmView> known =
        recovery.site().vms().stream().filter(other -> other.name().equals(name)).findFirst();
    return known.orElseGet(
        () ->
            recovery.createVm(
                new VmDefinition(
                    vm.id() + SUFFIX,
                    name,
                    vm.networks(),
                    vm.disks().stream()
                        .map(disk -> DiskDefinition.empty(disk.id() + SUFFIX, disk.capacityBytes()))
                        .toList(),
                    GuestDefinition.usual(),
                    false),
                null));
  }
}
