package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.w3c.dom.Element;

/**
 * A test fixture: the bytes behind vcsim's disks, which have none. Every flat file is as long as
 * its disk. A snapshot's disks are copies in the datastore under names of their own, which the
 * snapshot's configuration then tells, with change ids; a revert copies them back, and the VM's
 * {@code extraConfig} with them; a removal deletes them. A clone holds what it was cloned from.
 * Tasks that concern bytes have ended before their calls are answered.
 *
 * <p>What differs from vSphere: there the running disk gets the new name and the snapshot keeps the
 * old one. Nothing is locked, and nothing is merged.
 */
final class FrontDisks implements AutoCloseable {
  private static final String VM = "VirtualMachine";
  private static final String DEVICES = "config.hardware.device";

  /** What comes after a disk backing's change id. */
  private static final List<String> AFTER_CHANGE_ID =
      List.of("parent", "deltaDiskFormat", "digestEnabled", "deltaGrainSize", "sharing", "keyId");

  private final Vcsim vcsim;
  private final ChangeTracking tracking;
  private final RunningFiles running = new RunningFiles();
  private final Consolidations consolidations = new Consolidations();
  private final Map<String, Frozen> snapshots = new ConcurrentHashMap<>();
  private final Map<String, ShownDisks> appliances = new ConcurrentHashMap<>();

  /** A disk of a configuration: its key, and the datastore path of its descriptor. */
  private record Disk(int key, String file) {}

  /** A snapshot's disks, by key; change ids only where changes are tracked. */
  private record Frozen(String vm, Map<Integer, String> files, Map<Integer, String> changeIds) {}

  FrontDisks(Vcsim vcsim) throws IOException {
    this.vcsim = vcsim;
    this.tracking = new ChangeTracking();
    FlatFile.growAll(vcsim.datastores());
  }

  ChangeTracking tracking() {
    return tracking;
  }

  Consolidations consolidations() {
    return consolidations;
  }

  /** The bytes of a datastore path such as {@code [LocalDS_0] vm-0/disk-0.vmdk}. */
  Path bytes(String datastorePath) {
    return FlatFile.of(vcsim.file(datastorePath));
  }

  /** From now on the folder shows the disks of a VM, by its reference, as its own system does. */
  void show(String vm, Path folder) {
    appliances.put(vm, new ShownDisks(folder, false));
  }

  /** The same as block devices. */
  void showDevices(String vm, Path folder) {
    appliances.put(vm, new ShownDisks(folder, true));
  }

  /** What vcsim cannot answer itself. */
  Optional<Answer> answer(Message call, RawSoap caller) {
    return switch (call.method()) {
      case "QueryChangedDiskAreas" -> Optional.of(changedAreas(call, caller));
      case "ConsolidateVMDisks_Task" ->
          Optional.of(consolidations.consolidate(call.self(), caller));
      default -> Optional.empty();
    };
  }

  private Answer changedAreas(Message call, RawSoap caller) {
    int key = Integer.parseInt(Message.text(call.content(), "deviceKey"));
    long start = Long.parseLong(Message.text(call.content(), "startOffset"));
    String since = Message.text(call.content(), "changeId");
    Optional<String> snapshot =
        Message.child(call.content(), "snapshot").map(Element::getTextContent);
    Optional<String> file =
        snapshot.isPresent()
            ? Optional.ofNullable(snapshots.get(snapshot.get()))
                .flatMap(frozen -> Optional.ofNullable(frozen.files().get(key)))
            : disks(call.self(), caller).stream()
                .filter(disk -> disk.key() == key)
                .map(Disk::file)
                .findFirst();
    try {
      return file.isEmpty()
          ? ChangeTracking.invalid("deviceKey")
          : tracking.areas(call.self(), key, bytes(file.get()), start, since);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What follows from a call that vcsim has answered; a changed answer, if it changes. */
  Optional<String> after(Message call, Message answer, RawSoap caller) {
    switch (call.method()) {
      case "CreateSnapshot_Task", "CreateSnapshotEx_Task" ->
          ended(answer, caller).ifPresent(snapshot -> freeze(call.self(), snapshot, caller));
      case "RevertToSnapshot_Task" -> {
        var _ = ended(answer, caller);
        revert(call.self(), caller);
      }
      case "RemoveSnapshot_Task", "RemoveAllSnapshots_Task" -> {
        var _ = ended(answer, caller);
        thaw(caller);
      }
      case "CloneVM_Task" -> ended(answer, caller).ifPresent(clone -> fill(call, clone, caller));
      case "ReconfigVM_Task", "CreateVM_Task" -> {
        var _ = ended(answer, caller);
        FlatFile.growAll(vcsim.datastores());
        ShownDisks shown = appliances.get(call.self());
        if (shown != null) {
          shown.follow(caller.properties(VM, call.self(), DEVICES), this::bytes);
        }
      }
      case "RefreshStorageInfo" -> refresh(call.self(), caller);
      default -> {
        return told(call, answer);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ended(Message answer, RawSoap caller) {
    return answer.first("returnval").flatMap(caller::result);
  }

  private static List<Disk> disks(String vm, RawSoap caller) {
    return Message.all(caller.properties(VM, vm, DEVICES).content(), "VirtualDevice").stream()
        .filter(device -> Message.type(device).equals("VirtualDisk"))
        .map(FrontDisks::disk)
        .sorted(Comparator.comparingInt(Disk::key))
        .toList();
  }

  private static Disk disk(Element device) {
    Element backing = Message.child(device, "backing").orElseThrow();
    return new Disk(
        Integer.parseInt(Message.text(device, "key")), Message.text(backing, "fileName"));
  }

  private void freeze(String vm, String snapshot, RawSoap caller) {
    boolean isTracked =
        caller.property(VM, vm, "config.changeTrackingEnabled").filter("true"::equals).isPresent();
    Map<Integer, String> files = new ConcurrentHashMap<>();
    Map<Integer, String> changeIds = new ConcurrentHashMap<>();
    for (Disk disk : disks(vm, caller)) {
      String copy = disk.file().replaceFirst("\\.vmdk$", "-%s.vmdk".formatted(snapshot));
      FlatFile.copyDisk(vcsim.file(disk.file()), vcsim.file(copy));
      files.put(disk.key(), copy);
      running.fresh(disk.file());
      if (isTracked) {
        changeIds.put(disk.key(), tracking.mark(vm, disk.key(), bytes(copy)));
      }
    }
    snapshots.put(snapshot, new Frozen(vm, files, changeIds));
  }

  private void revert(String snapshot, RawSoap caller) {
    Frozen frozen = snapshots.get(snapshot);
    if (frozen == null) {
      return;
    }
    for (Disk disk : disks(frozen.vm(), caller)) {
      String file = frozen.files().get(disk.key());
      if (file != null) {
        FlatFile.copy(bytes(file), bytes(disk.file()));
        running.fresh(disk.file());
      }
    }
    tracking.reset(frozen.vm());
    RestoredConfig.restore(frozen.vm(), snapshot, caller);
  }

  private void refresh(String vm, RawSoap caller) {
    Optional<Frozen> parent =
        caller.property(VM, vm, "snapshot.currentSnapshot").map(snapshots::get);
    if (parent.isEmpty()) {
      return;
    }
    for (Disk disk : disks(vm, caller)) {
      String file = parent.get().files().get(disk.key());
      if (file != null) {
        running.refresh(disk.file(), bytes(disk.file()), bytes(file));
      }
    }
  }

  /** Deletes the disks of snapshots that are no more, whichever call removed them. */
  private void thaw(RawSoap caller) {
    Set<String> vms = snapshots.values().stream().map(Frozen::vm).collect(Collectors.toSet());
    for (String vm : vms) {
      Set<String> left =
          Message.all(caller.properties(VM, vm, "snapshot").content(), "snapshot").stream()
              .map(Element::getTextContent)
              .collect(Collectors.toSet());
      for (String snapshot : List.copyOf(snapshots.keySet())) {
        Frozen frozen = snapshots.get(snapshot);
        if (frozen != null && frozen.vm().equals(vm) && !left.contains(snapshot)) {
          snapshots.remove(snapshot);
          frozen.files().values().forEach(file -> FlatFile.delete(vcsim.file(file)));
        }
      }
    }
  }

  private void fill(Message call, String clone, RawSoap caller) {
    FlatFile.growAll(vcsim.datastores());
    Element spec = Message.child(call.content(), "spec").orElseThrow();
    Optional<String> snapshot = Message.child(spec, "snapshot").map(Element::getTextContent);
    List<String> sources = new ArrayList<>();
    for (Disk disk : disks(call.self(), caller)) {
      Frozen frozen = snapshot.map(snapshots::get).orElse(null);
      String file = frozen == null ? null : frozen.files().get(disk.key());
      sources.add(file == null ? disk.file() : file);
    }
    List<Disk> targets = disks(clone, caller);
    for (int i = 0; i < Math.min(sources.size(), targets.size()); i++) {
      FlatFile.copy(bytes(sources.get(i)), bytes(targets.get(i).file()));
    }
    RestoredConfig.inherit(clone, call.self(), snapshot, spec, caller);
  }

  /** Puts into an answer what it tells of disks that vcsim does not know. */
  private Optional<String> told(Message call, Message answer) {
    boolean isChanged = false;
    for (Element object : Message.all(answer.content(), "obj")) {
      Element about = (Element) object.getParentNode();
      String id = object.getTextContent();
      Frozen frozen = snapshots.get(id);
      if (object.getAttribute("type").equals(VM)) {
        isChanged |= consolidations.tell(call, about, id);
        isChanged |= hasSnapshots(id) && tellRunning(about);
      } else if (frozen != null) {
        isChanged |= tellFrozen(about, frozen);
      }
    }
    return isChanged ? Optional.of(answer.write()) : Optional.empty();
  }

  private boolean hasSnapshots(String vm) {
    return snapshots.values().stream().anyMatch(frozen -> frozen.vm().equals(vm));
  }

  private boolean tellRunning(Element about) {
    boolean isChanged = running.tellSizes(about);
    for (Element backing : Message.all(about, "backing")) {
      if (Message.type((Element) backing.getParentNode()).equals("VirtualDisk")) {
        RunningFiles.tellContent(backing, bytes(Message.text(backing, "fileName")));
        isChanged = true;
      }
    }
    return isChanged;
  }

  private static boolean tellFrozen(Element about, Frozen frozen) {
    boolean isChanged = false;
    for (Element backing : Message.all(about, "backing")) {
      Element device = (Element) backing.getParentNode();
      if (!Message.type(device).equals("VirtualDisk")) {
        continue;
      }
      int key = Integer.parseInt(Message.text(device, "key"));
      String file = frozen.files().get(key);
      if (file != null) {
        Message.child(backing, "fileName").orElseThrow().setTextContent(file);
        isChanged = true;
      }
      String changeId = frozen.changeIds().get(key);
      if (changeId != null) {
        Message.insert(backing, "changeId", changeId, AFTER_CHANGE_ID);
      }
    }
    return isChanged;
  }

  @Override
  public void close() {
    tracking.close();
  }
}
