package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A site in memory: VMs with disks, snapshots and power, its effects for tests to count, and a
 * script of what goes wrong. {@link #activities} are its adapters, to register on the queue {@code
 * site.<name>}. Safe for any number of threads.
 */
public final class FakeSite {
  private final String name;
  private final InstantSource clock;
  private final Map<String, FakeVm> vms = new LinkedHashMap<>();
  private final Map<String, Fence> fencesOfGoneVms = new LinkedHashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private final FaultScript script = new FaultScript(Fault.SITE_UNREACHABLE);
  private volatile @Nullable String dataAddress;
  private final FakeRoom room = new FakeRoom();
  private final Map<String, String> sheets = new LinkedHashMap<>();
  private final FakeLogin login = new FakeLogin();
  private final Map<String, FakeSite> partners = new LinkedHashMap<>();

  /** What each network of a drill reaches; empty is nothing. */
  private final Map<String, String> drillNetworks = new LinkedHashMap<>();

  private boolean reachable = true;
  private boolean full;

  /** A site whose clock goes on by a second with each look. */
  public FakeSite(String name) {
    this(name, new TickingClock());
  }

  public FakeSite(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  private static final class TickingClock implements InstantSource {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public synchronized Instant instant() {
      now = now.plus(Duration.ofSeconds(1));
      return now;
    }
  }

  /** The site's adapters for power, networks, guests, snapshots, room, sheets and {@code hello}. */
  public Object[] activities() {
    return new Object[] {
      new FakeVmActivities(this),
      new FakeGuestActivities(this),
      new FakeSnapshotActivities(this),
      new FakeGroupSnapshotActivities(this),
      new FakeRoomActivities(this),
      new FakeSheetActivities(this),
      new FakeSiteActivities(this),
      new FakeInventoryActivities(this),
      new FakePlaceholderActivities(this)
    };
  }

  /** Its workers serve its disks at {@code address} from now on. */
  public void serveDisks(String address) {
    dataAddress = address;
  }

  @Nullable String dataAddress() {
    return dataAddress;
  }

  /** The site's hosts and datastores. */
  public FakeRoom room() {
    return room;
  }

  /** Break-glass sheets by replica id. */
  public Map<String, String> sheets() {
    return sheets;
  }

  synchronized List<FakeVm> all() {
    return List.copyOf(vms.values());
  }

  /** The site's name. */
  public String name() {
    return name;
  }

  /** How the site takes whoever logs in, and what is to be seen there. */
  public FakeLogin login() {
    return login;
  }

  /** Tells this site's worker how to reach another site. */
  public synchronized void reaches(FakeSite other) {
    partners.put(other.name(), other);
  }

  /** This site or another that its worker was told of; null for any other. */
  synchronized @org.jspecify.annotations.Nullable FakeSite reached(String site) {
    return site.equals(name) ? this : partners.get(site);
  }

  /** What goes wrong; targets are VM ids. */
  public FaultScript script() {
    return script;
  }

  /** A new VM that is off, with disks {@code <id>-disk-<n>} of 1 MiB each. */
  public synchronized VmRef addVm(String id, String vmName, int disks) {
    FakeVm vm = new FakeVm(new VmRef(name, id, vmName));
    for (int i = 0; i < disks; i++) {
      String disk = id + "-disk-" + i;
      vm.disks.put(disk, new FakeDisk(disk, 1 << 20));
    }
    vm.addresses.add("10.0.0." + (vms.size() + 1));
    vm.serviceAddress = "127.0.0.1:" + (8000 + vms.size());
    vms.put(id, vm);
    return vm.ref;
  }

  /** Changes what the VM is made of, or where it stands, as its owner does. */
  public synchronized void change(VmRef vm, Hardware hardware, Placement placement) {
    find(vm).hardware = hardware;
    find(vm).placement = placement;
  }

  /** Tags the VM, in place of the tags it had. */
  public synchronized void tag(VmRef vm, String... tags) {
    find(vm).tags.clear();
    find(vm).tags.addAll(List.of(tags));
  }

  /** Gives the VM another name; its id stays. */
  public synchronized VmRef rename(VmRef vm, String to) {
    find(vm).ref = new VmRef(name, vm.id(), to);
    return find(vm).ref;
  }

  /** Takes a disk away, as somebody with the hypervisor's own client does. */
  public synchronized void takeDisk(VmRef vm, String disk) {
    find(vm).disks.remove(disk);
  }

  /** Makes a disk larger; what stands on it stays. */
  public synchronized void growDisk(VmRef vm, String disk, long capacityBytes) {
    find(vm).disks.computeIfPresent(disk, (id, old) -> old.grown(capacityBytes));
  }

  /** What the VM is made of now. */
  public synchronized VmProfile profile(VmRef vm) {
    return find(vm).profile();
  }

  /** Id of the replica whose VM it is; empty when anybody may start it. */
  public synchronized String managedBy(VmRef vm) {
    return find(vm).managedBy;
  }

  /** Marks the VM as the replica's, as placing it does. */
  public synchronized void mark(VmRef vm, String replicaId) {
    find(vm).managedBy = replicaId;
  }

  /** Whether the VM's networks are plugged in. */
  public synchronized boolean isConnected(VmRef vm) {
    return find(vm).connected;
  }

  /** Every VM that is there, in the order they came. */
  public synchronized List<VmRef> vms() {
    return vms.values().stream().map(vm -> vm.ref).toList();
  }

  /** Gives the VM one more disk of 1 MiB, as somebody with the hypervisor's own client does. */
  public synchronized void addDisk(VmRef vm, String disk) {
    find(vm).disks.put(disk, new FakeDisk(disk, 1 << 20));
  }

  /** Deletes the VM as somebody with the hypervisor's own client does. */
  public synchronized void deleteVm(VmRef vm) {
    vms.remove(find(vm).ref.id());
  }

  /** Reverts the VM to the snapshot as somebody with the hypervisor's own client does. */
  public synchronized void standOn(VmRef vm, String snapshot) {
    find(vm).current = snapshot;
  }

  /** Deletes a snapshot of the VM as somebody with the hypervisor's own client does. */
  public synchronized void deleteSnapshot(VmRef vm, String snapshot) {
    find(vm).merge(snapshot);
  }

  /** Powers the VM on or off as somebody with the hypervisor's own client does. */
  public synchronized void power(VmRef vm, PowerState power) {
    find(vm).power = power;
    find(vm).looks = 0;
  }

  /** The VM's power now. */
  public synchronized PowerState power(VmRef vm) {
    return find(vm).power;
  }

  /** How often one must ask until the guest's tools answer, after each power-on. */
  public synchronized void guestReadyAfter(VmRef vm, int looks) {
    find(vm).looksUntilReady = looks;
  }

  /** The guest's tools never answer. */
  public synchronized void guestNeverReady(VmRef vm) {
    find(vm).looksUntilReady = FakeVm.NEVER;
  }

  /** Plugs the VM's networks in or out. */
  public synchronized void connect(VmRef vm, boolean connected) {
    find(vm).connected = connected;
  }

  /** Gives the VM the addresses that its guest answers to. */
  public synchronized void address(VmRef vm, String... addresses) {
    find(vm).addresses.clear();
    find(vm).addresses.addAll(List.of(addresses));
  }

  /** Writes to a disk as a guest does. */
  public synchronized void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    disk(vm, disk).write(offsetBytes, bytes);
    find(vm).unsavedBytes += bytes.length;
  }

  /** The guest writes, and does not flush: a shutdown makes it durable, a power-off loses it. */
  public synchronized void writeUnflushed(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    find(vm).unflushed.add(() -> write(vm, disk, offsetBytes, bytes));
  }

  synchronized void flush(FakeVm vm) {
    vm.unflushed.forEach(Runnable::run);
    vm.unflushed.clear();
  }

  /** The guest is asked to shut down and goes on. */
  public synchronized void guestStubborn(VmRef vm) {
    find(vm).stubborn = true;
  }

  /** Reads a disk past the ports. */
  public synchronized byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    return disk(vm, disk).read(offsetBytes, length);
  }

  /** Bytes that VMs have taken of the datastores. */
  synchronized long takenBytes() {
    return vms.values().stream().mapToLong(FakeVm::takenBytes).sum();
  }

  /** The VM's disk ids. */
  public synchronized List<String> disks(VmRef vm) {
    return List.copyOf(find(vm).disks.keySet());
  }

  /** The VM's snapshots, oldest first. */
  public synchronized List<String> snapshots(VmRef vm) {
    return List.copyOf(find(vm).snapshots.keySet());
  }

  /** Change ids given out so far are unknown from now on. */
  public synchronized void resetChangeTracking(VmRef vm) {
    find(vm).disks.values().forEach(FakeDisk::resetChangeTracking);
  }

  /** Makes the hypervisor answer, or not. */
  public synchronized void reachable(boolean answers) {
    reachable = answers;
  }

  /** Leaves no room on any host, or some again. */
  public synchronized void full(boolean noRoom) {
    full = noRoom;
  }

  /** Every change that came through the ports. */
  public synchronized List<Effect> effects() {
    return List.copyOf(effects);
  }

  /**
   * How often {@code what} was done to {@code target}: powerOn, powerOff, shutDown, createSnapshot,
   * revertToSnapshot, removeSnapshot, raiseFence, placeVm, removeVm, leaveVm, reshapeVm (target: VM
   * id), writeDisk (target: disk id).
   */
  public synchronized long effects(String what, String target) {
    return effects.stream()
        .filter(effect -> effect.what().equals(what) && effect.target().equals(target))
        .count();
  }

  Instant now() {
    return clock.instant();
  }

  /** What each network of a drill reaches, by name; empty is nothing. */
  synchronized Map<String, String> drillNetworks() {
    answer();
    return drillNetworks;
  }

  /** A linked copy shares the files of the VM's snapshot from now on. */
  public synchronized void linkTo(VmRef vm, String snapshot) {
    FakeVm copy = make(new VmRef(name, "copy-" + vm.id(), vm.name() + "_copy"));
    copy.sharesWith = vm.id();
    copy.sharesSnapshot = snapshot;
  }

  /** No copy shares files with the VM any more. */
  public synchronized void unlink(VmRef vm) {
    vms.values().stream()
        .filter(copy -> copy.sharesWith.equals(vm.id()))
        .forEach(copy -> copy.sharesWith = "");
  }

  /** Refuses to take files away that copies share. */
  synchronized void refuseIfShared(FakeVm vm, String snapshot) {
    vms.values().stream()
        .filter(copy -> copy.sharesWith.equals(vm.ref.id()))
        .filter(copy -> snapshot.isEmpty() || vm.standsOn(copy.sharesSnapshot, snapshot))
        .findFirst()
        .ifPresent(
            copy -> {
              throw new FaultException(
                  Fault.DISK_IN_USE,
                  "Could not change %s: the copy %s shares its files. It is tried again."
                      .formatted(vm.ref, copy.ref));
            });
  }

  synchronized boolean hasRoom() {
    return !full;
  }

  synchronized void note(Effect effect) {
    effects.add(effect);
  }

  /** The VM, as the site's hypervisor answers. */
  synchronized FakeVm vm(VmRef vm) {
    answer();
    return find(vm);
  }

  synchronized void answer() {
    if (!reachable) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE, "Could not reach site '" + name + "': nobody answers. Wait.");
    }
  }

  /** The VM, for somebody who would change it under {@code mandate}. */
  synchronized FakeVm vm(VmRef ref, Mandate mandate) {
    FakeVm vm = vm(ref);
    vm.fence = raise(vm.fence, mandate, ref.toString());
    return vm;
  }

  /** Every VM, as the site's hypervisor answers. */
  synchronized List<FakeVm> answered() {
    answer();
    return List.copyOf(vms.values());
  }

  /** Raises the fence of a VM that need not be there. */
  synchronized void fence(String id, Mandate mandate) {
    FakeVm vm = vms.get(id);
    Fence seen = vm == null ? fencesOfGoneVms.get(id) : vm.fence;
    Fence fence = raise(seen, mandate, "vm '" + id + "'");
    if (vm == null) {
      fencesOfGoneVms.put(id, fence);
    } else {
      vm.fence = fence;
    }
  }

  synchronized FakeVm make(VmRef ref) {
    FakeVm vm = new FakeVm(ref);
    vm.fence = fencesOfGoneVms.get(ref.id());
    vms.put(ref.id(), vm);
    return vm;
  }

  synchronized void remove(FakeVm vm) {
    vms.remove(vm.ref.id());
    if (vm.fence != null) {
      fencesOfGoneVms.put(vm.ref.id(), vm.fence);
    }
  }

  /** The highest fence that the site has seen; empty before the first. */
  synchronized Optional<Fence> highestFence() {
    return vms.values().stream()
        .map(vm -> Optional.ofNullable(vm.fence))
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
  }

  /** The fence to keep from now on. */
  static Fence raise(@org.jspecify.annotations.Nullable Fence seen, Mandate mandate, String what) {
    Fence fence = mandate.fence().atAttempt(Attempts.current());
    if (seen != null && seen.compareTo(fence) > 0) {
      throw new FaultException(
          Fault.FENCED,
          "Could not change %s under fence %s: %s has been seen. Nothing was changed."
              .formatted(what, fence, seen));
    }
    return fence;
  }

  private FakeVm find(VmRef ref) {
    FakeVm vm = ref.site().equals(name) ? vms.get(ref.id()) : null;
    if (vm == null) {
      throw new FaultException(
          Fault.VM_NOT_FOUND, "Could not find " + ref + ". Correct the registry, then retry.");
    }
    return vm;
  }

  private FakeDisk disk(VmRef vm, String disk) {
    FakeDisk found = find(vm).disks.get(disk);
    if (found == null) {
      throw new IllegalArgumentException(vm + " has no disk '" + disk + "'");
    }
    return found;
  }
}
