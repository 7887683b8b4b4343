package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.nio.file.Path;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The VM that this worker runs on, at one vCenter. What it has borrowed and no transfer of this
 * process uses was left behind by one that died: it is detached before anything else is attached.
 */
final class Appliance {
  private static final Logger LOG = LoggerFactory.getLogger(Appliance.class);
  private static final String[] SEEN = {"config.extraConfig", "config.hardware.device"};

  private final VCenter vcenter;
  private final VmRef vm;
  private final BlockDevices devices;
  private final Set<String> inUse = ConcurrentHashMap.newKeySet();
  private final Set<String> leftBehind = ConcurrentHashMap.newKeySet();
  private final ReentrantLock changing = new ReentrantLock();

  Appliance(VCenter vcenter, VmRef vm, BlockDevices devices) {
    this.vcenter = vcenter;
    this.vm = vm;
    this.devices = devices;
  }

  VmRef vm() {
    return vm;
  }

  BlockDevices devices() {
    return devices;
  }

  /** The tokens of the loans that transfers of this process use now. */
  Set<String> inUse() {
    return Set.copyOf(inUse);
  }

  /** What dead transfers had left at this VM since this process began: datastore paths. */
  Set<String> leftBehind() {
    return Set.copyOf(leftBehind);
  }

  /** How this VM may have a disk of another one. */
  Attachment attachment(VmRef owner, VirtualDisk disk, boolean isWritten) {
    return new Attachment(vm.id(), owner, disk.getKey(), isWritten, Disks.file(disk));
  }

  /**
   * Attaches a disk that its owner has recorded, and waits until this system shows it. What is
   * written to one that is not for writing is thrown away by vSphere.
   *
   * @param disk as its owner, or a snapshot of that, has it
   * @throws FaultException BUSY when this VM has that disk, or a copy with its uuid, already;
   *     NO_CAPACITY when it has no free place; APPLIANCE_UNFIT
   */
  Attached attach(String what, Attachment attachment, VirtualDisk disk) throws RemoteException {
    Loan loan =
        new Loan(
            attachment.owner().id(),
            attachment.key(),
            UUID.randomUUID().toString(),
            DiskFiles.uuid(disk),
            attachment.file());
    inUse.add(loan.token());
    try {
      change(what, now -> attaching(what, now, loan, attachment.isWritten()));
      Properties.Row row = Machine.read(vcenter, vm, SEEN).row();
      String uuid =
          loan.device(row)
              .map(DiskFiles::uuid)
              .orElseThrow(() -> taken(what, "somebody has detached it from %s".formatted(vm)));
      Path device = devices.await(what, uuid);
      return new Attached(this, attachment, loan, device);
    } catch (RemoteException | RuntimeException failed) {
      giveBack(what, attachment, loan);
      throw failed;
    }
  }

  private void change(String what, Fences.Wanted wanted) throws RemoteException {
    lock(what);
    try {
      var _ = Reconfiguration.make(what, vcenter, vm, wanted, SEEN);
    } finally {
      changing.unlock();
    }
  }

  private void lock(String what) {
    try {
      while (!changing.tryLock(2, TimeUnit.SECONDS)) {
        RunningActivity.heartbeat(what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultException(
          Fault.BUSY, "Could not %s: the worker is shutting down.".formatted(what), e);
    }
  }

  private Optional<VirtualMachineConfigSpec> attaching(
      String what, Machine now, Loan loan, boolean isWritten) {
    Properties.Row row = now.row();
    if (Loan.of(row).contains(loan) && loan.device(row).isPresent()) {
      return Optional.empty();
    }
    if (!ApplianceFitness.showsUuids(row)) {
      throw new FaultException(
          Fault.APPLIANCE_UNFIT,
          "Could not %s: disk.EnableUUID is not TRUE on %s, so its system cannot tell disks apart. Set it while the VM is off."
              .formatted(what, vm));
    }
    List<Loan> left = left(row);
    List<VirtualDeviceConfigSpec> devices = removals(row, left);
    Disks.of(row).stream()
        .filter(disk -> left.stream().noneMatch(one -> one.isOf(disk)))
        .filter(loan::isOf)
        .findFirst()
        .ifPresent(
            disk -> {
              throw taken(what, "%s has it, or a copy with its uuid, already".formatted(vm));
            });
    devices.add(addition(loan, isWritten, ScsiPlaces.free(row).orElseThrow(() -> noPlace(what))));
    List<OptionValue> settings = new ArrayList<>(left.stream().map(Loan::forgotten).toList());
    settings.removeIf(old -> old.getKey().equals(loan.recorded().getKey()));
    settings.add(loan.recorded());
    return Optional.of(spec(devices, settings));
  }

  /** What was borrowed for transfers that are no more. */
  private List<Loan> left(Properties.Row row) {
    return Loan.of(row).stream().filter(one -> !inUse.contains(one.token())).toList();
  }

  private List<VirtualDeviceConfigSpec> removals(Properties.Row row, List<Loan> loans) {
    List<VirtualDeviceConfigSpec> removals = new ArrayList<>();
    for (Loan loan : loans) {
      LOG.warn(
          "detaches a disk that a transfer has left behind appliance={} owner={} file={}",
          vm.name(),
          loan.owner(),
          loan.file());
      leftBehind.add(loan.file());
      loan.device(row).map(Loan::removal).ifPresent(removals::add);
    }
    return removals;
  }

  private static VirtualMachineConfigSpec spec(
      List<VirtualDeviceConfigSpec> devices, List<OptionValue> settings) {
    VirtualMachineConfigSpec spec = Attachments.settings(settings);
    spec.setDeviceChange(devices.toArray(VirtualDeviceConfigSpec[]::new));
    return spec;
  }

  private static VirtualDeviceConfigSpec addition(
      Loan loan, boolean isWritten, ScsiPlaces.Place place) {
    VirtualDiskFlatVer2BackingInfo backing = new VirtualDiskFlatVer2BackingInfo();
    backing.setFileName(loan.file());
    backing.setDiskMode(isWritten ? "persistent" : "independent_nonpersistent");
    VirtualDisk disk = new VirtualDisk();
    disk.setKey(-1);
    disk.setControllerKey(place.controller());
    disk.setUnitNumber(place.unit());
    disk.setBacking(backing);
    VirtualDevice device = disk;
    VirtualDeviceConfigSpec change = new VirtualDeviceConfigSpec();
    change.setOperation(VirtualDeviceConfigSpecOperation.add);
    change.setDevice(device);
    return change;
  }

  private static FaultException taken(String what, String because) {
    return new FaultException(
        Fault.BUSY, "Could not %s: %s. It is tried again.".formatted(what, because));
  }

  private FaultException noPlace(String what) {
    return new FaultException(
        Fault.NO_CAPACITY,
        "Could not %s: every place at the SCSI controllers of %s is taken. Give it another controller, or start a worker on another appliance, then retry the step."
            .formatted(what, vm));
  }

  /**
   * Detaches a disk when its transfer is over. It is finished also when the activity is over: on a
   * thread that no activity can interrupt. What cannot be detached is left to {@link #sweep}.
   */
  void giveBack(String what, Attachment attachment, Loan loan) {
    Thread detaching =
        Thread.ofVirtual()
            .name("detach")
            .start(
                () -> {
                  try {
                    change(
                        what,
                        now ->
                            Loan.of(now.row()).contains(loan)
                                ? Optional.of(Attachments.returned(now.row(), loan))
                                : Optional.empty());
                    Attachments.forget(what, vcenter, attachment.owner(), List.of(attachment));
                  } catch (RemoteException | RuntimeException failed) {
                    LOG.warn(
                        "could not detach a disk yet appliance={} file={} because={}",
                        vm.name(),
                        loan.file(),
                        String.valueOf(failed.getMessage()));
                  }
                });
    boolean isInterrupted = false;
    while (detaching.isAlive()) {
      try {
        detaching.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    inUse.remove(loan.token());
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Detaches what dead transfers have left behind.
   *
   * @return whether there was something
   */
  boolean sweep() throws RemoteException {
    lock("look for disks that were left behind");
    try {
      return Reconfiguration.make(
          "detach what was left behind",
          vcenter,
          vm,
          now -> {
            List<Loan> left = left(now.row());
            return left.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    spec(removals(now.row(), left), left.stream().map(Loan::forgotten).toList()));
          },
          SEEN);
    } finally {
      changing.unlock();
    }
  }
}
