package io.switchback.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The VMs of one site and what they share: the journal and the fences. */
final class LabSite implements AutoCloseable {
  private final Path vmsDirectory;
  private final Path makingDirectory;
  private final Makings makings;
  private final Path trashDirectory;
  private final EffectJournal journal;
  private final FenceBook fences;
  private final SiteRoom room;
  private final LabVm.Surroundings surroundings;
  private final Map<String, LabVm> vms = new LinkedHashMap<>();
  private final Set<String> reserved = new HashSet<>();
  private boolean closed;

  private LabSite(
      Path directory,
      EffectJournal journal,
      FenceBook fences,
      SiteRoom room,
      TransferLog transfers,
      GuestLauncher launcher,
      PowerHook hook) {
    this.vmsDirectory = directory.resolve("vms");
    this.makingDirectory = directory.resolve("making");
    this.trashDirectory = directory.resolve("trash");
    this.journal = journal;
    this.fences = fences;
    this.room = room;
    this.surroundings = new LabVm.Surroundings(transfers, launcher, hook, room, this::flushedBy);
    this.makings = new Makings(this, makingDirectory);
  }

  /** Opens what is on disk; nothing runs until {@link #recover}. */
  static LabSite open(
      Path directory, GuestLauncher launcher, @Nullable SiteResources resources, PowerHook hook)
      throws IOException {
    SiteRoom room = SiteRoom.open(directory, resources);
    TransferLog transfers = new TransferLog();
    EffectJournal journal =
        EffectJournal.open(directory.resolve("effects.jsonl"), transfers::learn);
    FenceBook fences = FenceBook.open(directory.resolve("fences.jsonl"));
    LabSite site = new LabSite(directory, journal, fences, room, transfers, launcher, hook);
    site.load();
    return site;
  }

  private void load() throws IOException {
    for (Path part : List.of(vmsDirectory, makingDirectory, trashDirectory)) {
      Files.createDirectories(part);
    }
    List<Effect> known = new ArrayList<>();
    for (Path vm : directories(trashDirectory)) {
      lastEffect(vm).ifPresent(known::add);
    }
    for (Path directory : directories(vmsDirectory)) {
      // A deletion that was stored but not carried out did not happen.
      lastEffect(directory).filter(one -> !one.kind().equals("deleteVm")).ifPresent(known::add);
      LabVm vm = new LabVm(VmStore.open(directory, journal, fences, room), surroundings);
      vms.put(vm.store().id(), vm);
    }
    room.isolated().lastEffect().ifPresent(known::add);
    known.sort(Comparator.comparingLong(Effect::seq));
    for (Effect effect : known) {
      journal.recover(effect);
    }
    for (Path rest : List.of(makingDirectory, trashDirectory)) {
      for (Path directory : directories(rest)) {
        Trees.delete(directory);
      }
    }
  }

  private static List<Path> directories(Path parent) throws IOException {
    try (var entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static Optional<Effect> lastEffect(Path vm) throws IOException {
    return Files.exists(vm.resolve("vm.json"))
        ? Optional.ofNullable(VmStore.readState(vm).lastEffect())
        : Optional.empty();
  }

  /** Brings every VM up after the host was down. */
  void recover(String site) throws IOException {
    journal.append(Effect.bySite("siteStarted", Map.of("site", site)));
    for (LabVm vm : list()) {
      vm.recover();
    }
  }

  EffectJournal journal() {
    return journal;
  }

  FenceBook fences() {
    return fences;
  }

  SiteRoom room() {
    return room;
  }

  /** Gives the site other hosts and datastores. */
  void changeResources(SiteResources next) throws IOException {
    room.change(next);
    journal.append(
        Effect.bySite(
            "changeResources", Map.of("hosts", next.hosts(), "datastores", next.datastores())));
  }

  /** A VM that is not here has flushed nothing: whoever follows it waits for it. */
  private synchronized long flushedBy(String idOrName) {
    return vms.values().stream()
        .filter(
            vm ->
                vm.store().id().equals(idOrName) || vm.store().definition().name().equals(idOrName))
        .mapToLong(vm -> vm.guest().flushedThrough())
        .findFirst()
        .orElse(0);
  }

  synchronized List<LabVm> list() {
    return List.copyOf(vms.values());
  }

  /** Finds a VM by id, else by name. */
  synchronized LabVm find(@Nullable String idOrName) {
    LabVm byId = idOrName == null ? null : vms.get(idOrName);
    if (byId != null) {
      return byId;
    }
    return vms.values().stream()
        .filter(vm -> vm.store().definition().name().equals(idOrName))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    LabFault.NO_SUCH_VM,
                    "There is no VM '%s' here, only %s."
                        .formatted(
                            idOrName,
                            vms.values().stream()
                                .map(vm -> vm.store().definition().name())
                                .toList())));
  }

  /** Makes a VM, powered off, with its images written and flushed. */
  LabVm create(VmDefinition asked, @Nullable Stamp stamp) throws IOException {
    return makings.create(asked, stamp);
  }

  /**
   * Makes a VM, powered off, whose disks hold what another one's held at a snapshot.
   *
   * @param pace comes before each slice
   */
  LabVm copy(Requests.CopyVm request, FrozenDisks.Pace pace) throws IOException {
    return makings.copy(request, pace);
  }

  /**
   * Commits a VM that was made. Whoever has raised its fence before this finds that it is refused,
   * and whoever raises it afterwards finds the VM.
   */
  synchronized LabVm settle(VmStore made, Effect effect, @Nullable Stamp stamp) throws IOException {
    String id = made.id();
    requireWanted(id, stamp);
    made.commitMove(effect, vmsDirectory.resolve(id));
    made.leaveDatastore();
    made.close();
    // Opened anew, because the files were opened under the place where they were made.
    LabVm vm =
        new LabVm(VmStore.open(vmsDirectory.resolve(id), journal, fences, room), surroundings);
    vms.put(id, vm);
    return vm;
  }

  /** Refuses to go on with what a newer operation has given up, or when the site has stopped. */
  synchronized void requireWanted(String id, @Nullable Stamp stamp) throws IOException {
    if (closed) {
      throw new LabException(LabFault.UNREACHABLE, "The site has stopped.");
    }
    admit(id, stamp);
  }

  void admit(String id, @Nullable Stamp stamp) throws IOException {
    if (stamp != null) {
      fences.admit(stamp.fence(), FenceBook.vm(id), List.of(FenceBook.vm(id)));
    }
  }

  /**
   * Takes an id and a name that nobody has, until the caller gives them back.
   *
   * @throws LabException BUSY when a VM of that id is being made; ALREADY_EXISTS
   */
  synchronized void reserve(String id, String name) {
    if (reserved.contains(id)) {
      throw new LabException(
          LabFault.BUSY,
          "A VM with the id '%s' is being made already. It is tried again.".formatted(id));
    }
    reserve(List.of(id, name));
  }

  synchronized void giveBack(List<String> taken) {
    taken.forEach(reserved::remove);
  }

  /** Takes ids and names that nobody has, until the caller gives them back. */
  private synchronized void reserve(List<String> wanted) {
    for (String one : wanted) {
      boolean isTaken =
          reserved.contains(one)
              || vms.containsKey(one)
              || vms.values().stream().anyMatch(vm -> vm.store().definition().name().equals(one));
      if (isTaken) {
        throw new LabException(
            LabFault.ALREADY_EXISTS,
            "A VM with the id or name '%s' is already here.".formatted(one));
      }
    }
    reserved.addAll(wanted);
  }

  /** Changes a VM's shape. */
  LabVm reconfigure(String idOrName, VmChange change, @Nullable Stamp stamp) throws IOException {
    LabVm vm = find(idOrName);
    if (change.details().isEmpty()) {
      throw new LabException(LabFault.BAD_REQUEST, "Say what is to become of the VM.");
    }
    room.checkHost(change.host() == null ? "" : change.host());
    room.checkFolder(change.folder() == null ? "" : change.folder());
    room.checkNetworks(change.networks() == null ? List.of() : change.networks());
    String name = change.name();
    if (name == null || name.equals(vm.store().definition().name())) {
      vm.reconfigure(change, stamp);
      return vm;
    }
    reserve(List.of(name));
    try {
      vm.reconfigure(change, stamp);
      return vm;
    } finally {
      giveBack(List.of(name));
    }
  }

  /** Raises the fence of an id, so that whoever would make a VM of that id later is held to it. */
  synchronized void fenceId(String id, Stamp stamp) throws IOException {
    admit(id, stamp);
  }

  /** Deletes a VM that is powered off, with its disks and snapshots. */
  void delete(String idOrName, @Nullable Stamp stamp) throws IOException {
    LabVm vm = find(idOrName);
    VmStore store = vm.store();
    Path trash = trashDirectory.resolve(store.id());
    store.lock().lock();
    try {
      vm.requireDeletable(stamp);
      Trees.delete(trash);
      store.commitMove(Effect.of("deleteVm", store.definition(), stamp), trash);
      synchronized (this) {
        vms.remove(store.id());
      }
      store.close();
      store.leaveDatastore();
    } finally {
      store.lock().unlock();
    }
    Trees.delete(trash);
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
    }
    for (LabVm vm : list()) {
      vm.close();
    }
    journal.close();
    fences.close();
  }
}
