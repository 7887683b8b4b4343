package io.switchback.vsphere;

import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualDiskMode;
import io.switchback.model.SiteFact;
import io.switchback.model.SiteFinding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The transfer appliances of a site, and what they have of other VMs that no transfer uses. Which
 * of its loans a transfer uses, only the worker on that very VM knows; what nobody has borrowed is
 * seen of every VM that is known for an appliance.
 */
final class ApplianceSurvey {
  /** What must be read of all VMs. */
  static final String[] NEEDED =
      Stream.concat(ApplianceFitness.NEEDED.stream(), Stream.of("name", "config.instanceUuid"))
          .toArray(String[]::new);

  private final String site;
  private final String worker;
  private final Appliances appliances;
  private final Set<String> inUse;

  /** Begins before the VMs are read: what is given back meanwhile was in use. */
  ApplianceSurvey(String site, String worker, Appliances appliances) {
    this.site = site;
    this.worker = worker;
    this.appliances = appliances;
    this.inUse = new HashSet<>(appliances.inUse(site));
  }

  /** What is not as it should be; {@code vms} are all of the site. */
  List<SiteFinding> findings(List<Properties.Row> vms) {
    // Of what was borrowed before they were read, and of what came after.
    inUse.addAll(appliances.inUse(site));
    List<SiteFinding> findings = new ArrayList<>();
    List<Properties.Row> own = own(vms);
    Optional<TransferAppliance> told = appliances.told(site);
    if (told.isEmpty()) {
      findings.add(SiteFinding.noTransferAppliance(site, worker));
    } else if (own.size() != 1) {
      findings.add(SiteFinding.unknownTransferAppliance(site, worker, told.get().vm(), own.size()));
    } else {
      findings.addAll(ApplianceFitness.of(own.getFirst()).findings(site, name(own.getFirst())));
    }
    Set<String> known = known(vms);
    for (Properties.Row vm : vms) {
      boolean isOwn = own.size() == 1 && id(vm).equals(id(own.getFirst()));
      if (isOwn || known.contains(id(vm))) {
        look(vm, isOwn, vms, findings);
      }
    }
    return findings;
  }

  private void look(
      Properties.Row appliance,
      boolean isOwn,
      List<Properties.Row> vms,
      List<SiteFinding> findings) {
    List<String> left = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (VirtualDisk disk : Disks.of(appliance)) {
      Optional<Loan> loan = Loan.of(appliance).stream().filter(one -> one.isOf(disk)).findFirst();
      if (loan.isEmpty()) {
        owner(appliance, disk, vms).ifPresent(owner -> others.add(named(disk, name(owner))));
      } else if (isOwn && !inUse.contains(loan.get().token())) {
        left.add(named(disk, owner(loan.get(), vms)));
      }
    }
    if (!left.isEmpty()) {
      findings.add(
          SiteFinding.disksLeftBehind(site, name(appliance), left, appliances.obstacle(site)));
    }
    if (!others.isEmpty()) {
      findings.add(SiteFinding.disksAttachedByOthers(site, name(appliance), others));
    }
  }

  /** What is to be seen of this worker's own VM; nothing when it has none. */
  List<SiteFact> facts(List<Properties.Row> vms) {
    List<Properties.Row> own = own(vms);
    if (own.size() != 1) {
      return List.of();
    }
    List<String> still = Loan.of(own.getFirst()).stream().map(Loan::file).toList();
    List<String> detached =
        appliances.leftBehind(site).stream()
            .filter(file -> !still.contains(file))
            .sorted()
            .toList();
    String appliance =
        "%s: %s".formatted(name(own.getFirst()), ApplianceFitness.of(own.getFirst()).described());
    return List.of(
        new SiteFact(
            "transfer appliance",
            detached.isEmpty()
                ? appliance
                : "%s; since its worker began, dead transfers had left there what was then detached: %s"
                    .formatted(appliance, SiteFinding.some(detached))));
  }

  /** The VMs that this worker's appliance may be: one, if it was told right. */
  private List<Properties.Row> own(List<Properties.Row> vms) {
    Optional<String> told = appliances.told(site).map(TransferAppliance::vm);
    return told.isEmpty()
        ? List.of()
        : vms.stream()
            .filter(vm -> told.get().equals(Machine.isUuid(told.get()) ? id(vm) : name(vm)))
            .toList();
  }

  /** The instance uuids of VMs that have borrowed disks, or were to. */
  private static Set<String> known(List<Properties.Row> vms) {
    Set<String> known = new HashSet<>();
    for (Properties.Row vm : vms) {
      known.addAll(Attachment.appliances(vm));
      if (!Loan.of(vm).isEmpty()) {
        known.add(id(vm));
      }
    }
    return known;
  }

  /** The VM that has the disk as well, or stands on its file. */
  private static Optional<Properties.Row> owner(
      Properties.Row appliance, VirtualDisk disk, List<Properties.Row> vms) {
    List<String> chain = DiskFiles.chain(disk);
    // An appliance may be a linked clone, which stands on a file of another VM. Below a redo log,
    // though, is the file that was attached.
    List<String> files = isThrownAway(disk) ? chain : chain.subList(0, Math.min(1, chain.size()));
    return vms.stream()
        .filter(vm -> !id(vm).equals(id(appliance)))
        .filter(
            vm ->
                Disks.of(vm).stream()
                    .flatMap(other -> DiskFiles.chain(other).stream())
                    .anyMatch(files::contains))
        .findFirst();
  }

  private static boolean isThrownAway(VirtualDisk disk) {
    return disk.getBacking() instanceof VirtualDiskFlatVer2BackingInfo flat
        && VirtualDiskMode.independent_nonpersistent.name().equals(flat.getDiskMode());
  }

  private static String owner(Loan loan, List<Properties.Row> vms) {
    return vms.stream()
        .filter(vm -> id(vm).equals(loan.owner()))
        .map(ApplianceSurvey::name)
        .findFirst()
        .orElse(loan.owner() + ", which is no more");
  }

  private static String named(VirtualDisk disk, String owner) {
    return "'%s' of %s".formatted(Disks.file(disk), owner);
  }

  private static String id(Properties.Row vm) {
    return vm.get("config.instanceUuid", String.class, "");
  }

  private static String name(Properties.Row vm) {
    return SiteNames.decoded(vm.get("name", String.class, vm.object().getVal()));
  }
}
