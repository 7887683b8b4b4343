package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A VM's stored state, its open disks and the lock that guards both. Every mutation goes through
 * {@link #commit}: fence checked before, state file replaced, journal line written, in this order.
 */
final class VmStore implements AutoCloseable {
  private static final String STATE_FILE = "vm.json";

  // Fair: a guest that writes as fast as it can would otherwise keep everybody else out.
  private final ReentrantLock lock = new ReentrantLock(true);
  private final EffectJournal journal;
  private final FenceBook fences;
  private final Space space;
  // Also those that only snapshots still hold.
  private final Map<String, LayeredDisk> allDisks;
  private Path directory;
  private VmState state;
  private Map<String, LayeredDisk> disks;
  private boolean closed;

  private VmStore(
      Path directory,
      VmState state,
      Map<String, LayeredDisk> allDisks,
      EffectJournal journal,
      FenceBook fences,
      Space space) {
    this.directory = directory;
    this.state = state;
    this.allDisks = allDisks;
    this.journal = journal;
    this.fences = fences;
    this.space = space;
    this.disks = present();
  }

  private Map<String, LayeredDisk> present() {
    Map<String, LayeredDisk> present = new LinkedHashMap<>();
    state.definition().disks().stream()
        .map(DiskDefinition::id)
        .forEach(disk -> present.put(disk, Objects.requireNonNull(allDisks.get(disk), disk)));
    return Collections.unmodifiableMap(present);
  }

  /** Makes the files of a new VM, not yet committed. */
  static VmStore create(
      Path directory,
      VmDefinition definition,
      EffectJournal journal,
      FenceBook fences,
      SiteRoom room)
      throws IOException {
    Space space = room.space(definition.datastore());
    Map<String, LayeredDisk> disks = new LinkedHashMap<>();
    Map<String, DiskState> states = new LinkedHashMap<>();
    for (DiskDefinition disk : definition.disks()) {
      DiskState made = DiskState.blank(disk.capacityBytes());
      states.put(disk.id(), made);
      disks.put(disk.id(), LayeredDisk.create(diskDirectory(directory, disk.id()), made, space));
    }
    VmState state = new VmState(definition, PowerState.OFF, null, null, List.of(), states, null);
    return new VmStore(directory, state, disks, journal, fences, space);
  }

  static VmState readState(Path directory) throws IOException {
    return Json.read(Files.readAllBytes(directory.resolve(STATE_FILE)), VmState.class);
  }

  static VmStore open(Path directory, EffectJournal journal, FenceBook fences, SiteRoom room)
      throws IOException {
    VmState state = readState(directory);
    Space space = room.space(state.definition().datastore());
    Map<String, LayeredDisk> disks = new LinkedHashMap<>();
    for (Map.Entry<String, DiskState> disk : state.disks().entrySet()) {
      disks.put(
          disk.getKey(),
          LayeredDisk.open(diskDirectory(directory, disk.getKey()), disk.getValue(), space));
    }
    deleteUnknown(directory.resolve("disks"), disks.keySet());
    return new VmStore(directory, state, disks, journal, fences, space);
  }

  /** Deletes disks that a kill left half made or half removed. */
  private static void deleteUnknown(Path directory, Set<String> known) throws IOException {
    try (var present = Files.list(directory)) {
      for (Path disk : present.toList()) {
        if (!known.contains(disk.getFileName().toString())) {
          Trees.delete(disk);
        }
      }
    }
  }

  static Path diskDirectory(Path vmDirectory, String disk) {
    return vmDirectory.resolve("disks").resolve(disk);
  }

  ReentrantLock lock() {
    return lock;
  }

  VmState state() {
    return state;
  }

  VmDefinition definition() {
    return state.definition();
  }

  String id() {
    return state.definition().id();
  }

  EffectJournal journal() {
    return journal;
  }

  /** The disks that the VM has now. */
  Map<String, LayeredDisk> disks() {
    return disks;
  }

  /** Those, and the ones that only snapshots still hold. */
  Map<String, LayeredDisk> allDisks() {
    return Collections.unmodifiableMap(allDisks);
  }

  LayeredDisk disk(String disk) {
    LayeredDisk found = disks.get(disk);
    if (found == null) {
      throw new LabException(
          LabFault.NO_SUCH_DISK,
          "VM '%s' has no disk '%s', only %s."
              .formatted(definition().name(), disk, disks.keySet()));
    }
    return found;
  }

  /** A disk that the VM or one of its snapshots has. */
  LayeredDisk anyDisk(String disk) {
    LayeredDisk held = allDisks.get(disk);
    return held == null ? disk(disk) : held;
  }

  /** What a disk held at a snapshot, read past the cache and the layers that are open here. */
  SnapshotReader frozen(String disk, String snapshotId) throws IOException {
    return SnapshotReader.open(directory, disk, snapshotId);
  }

  /** Makes the files of one more disk, which the VM has once a state that names it is stored. */
  LayeredDisk makeDisk(String disk, DiskState blank) throws IOException {
    LayeredDisk made = LayeredDisk.create(diskDirectory(directory, disk), blank, space);
    allDisks.put(disk, made);
    return made;
  }

  /** Deletes a disk that the stored state no longer names. */
  void forgetDisk(String disk) throws IOException {
    LayeredDisk gone = allDisks.remove(disk);
    if (gone != null) {
      gone.delete();
    }
  }

  String datastore() {
    return space.datastore();
  }

  /** What the VM takes of its datastore. */
  long takenBytes() {
    return allDisks.values().stream().mapToLong(LayeredDisk::takenBytes).sum();
  }

  /** Counts the VM, whose files are gone or closed, out of its datastore. */
  void leaveDatastore() {
    allDisks.values().forEach(LayeredDisk::leave);
  }

  /** Refuses a mutation of the whole VM under an old fence. */
  void admit(@Nullable Stamp stamp) throws IOException {
    if (stamp != null) {
      List<String> guards = new ArrayList<>();
      guards.add(FenceBook.vm(id()));
      disks.keySet().forEach(disk -> guards.add(FenceBook.disk(id(), disk)));
      fences.admit(stamp.fence(), FenceBook.vm(id()), guards);
    }
  }

  /** Refuses a write to one disk under an old fence. */
  void admit(@Nullable Stamp stamp, String disk) throws IOException {
    if (stamp != null) {
      String target = FenceBook.disk(id(), disk);
      fences.admit(stamp.fence(), target, List.of(FenceBook.vm(id()), target));
    }
  }

  @Nullable LabFence highestFence() {
    List<LabFence> seen = new ArrayList<>();
    fences.highest(FenceBook.vm(id())).ifPresent(seen::add);
    allDisks
        .keySet()
        .forEach(disk -> fences.highest(FenceBook.disk(id(), disk)).ifPresent(seen::add));
    return seen.stream().max(LabFence::compareTo).orElse(null);
  }

  /** Stores {@code next} and writes its line. */
  void commit(Effect draft, VmState next) throws IOException {
    journal.commit(draft, effect -> replace(next.with(effect)));
  }

  /** Stores a state that means the same as before, which is no effect. */
  void replace(VmState next) throws IOException {
    store(directory, next);
    boolean sameDisks = next.definition().disks().equals(state.definition().disks());
    state = next;
    disks = sameDisks ? disks : present();
  }

  /** Commits by moving the VM's whole directory: how one comes into being, and how one goes. */
  void commitMove(Effect draft, Path target) throws IOException {
    journal.commit(
        draft,
        effect -> {
          replace(state.with(effect));
          Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
          directory = target;
        });
  }

  private static void store(Path directory, VmState state) throws IOException {
    Path fresh = directory.resolve(STATE_FILE + ".new");
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap(Json.write(state));
      while (text.hasRemaining()) {
        file.write(text);
      }
      file.force(false);
    }
    Files.move(
        fresh,
        directory.resolve(STATE_FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether nothing may be changed any more: the VM was deleted, or its site has stopped. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    for (LayeredDisk disk : allDisks.values()) {
      disk.close();
    }
  }
}
