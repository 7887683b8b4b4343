package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A VM's stored state, its open disks and the lock that guards both. Every mutation goes through
 * {@link #commit}: fence checked before, state file replaced, journal line written, in this order.
 */
final class VmStore implements AutoCloseable {
  private static final String STATE_FILE = "vm.json";

  private final ReentrantLock lock = new ReentrantLock();
  private final EffectJournal journal;
  private final FenceBook fences;
  private final Map<String, LayeredDisk> disks;
  private Path directory;
  private VmState state;

  private VmStore(
      Path directory,
      VmState state,
      Map<String, LayeredDisk> disks,
      EffectJournal journal,
      FenceBook fences) {
    this.directory = directory;
    this.state = state;
    this.disks = disks;
    this.journal = journal;
    this.fences = fences;
  }

  /** Makes the files of a new VM, not yet committed. */
  static VmStore create(
      Path directory, VmDefinition definition, EffectJournal journal, FenceBook fences)
      throws IOException {
    Map<String, LayeredDisk> disks = new LinkedHashMap<>();
    Map<String, DiskState> states = new LinkedHashMap<>();
    for (DiskDefinition disk : definition.disks()) {
      String top = DiskState.newLayerId();
      DiskState made = new DiskState(disk.capacityBytes(), top, List.of(new LayerState(top, null)));
      states.put(disk.id(), made);
      disks.put(disk.id(), LayeredDisk.create(diskDirectory(directory, disk.id()), made));
    }
    VmState state = new VmState(definition, PowerState.OFF, null, null, List.of(), states, null);
    return new VmStore(directory, state, disks, journal, fences);
  }

  static VmState readState(Path directory) throws IOException {
    return Json.read(Files.readAllBytes(directory.resolve(STATE_FILE)), VmState.class);
  }

  static VmStore open(Path directory, EffectJournal journal, FenceBook fences) throws IOException {
    VmState state = readState(directory);
    Map<String, LayeredDisk> disks = new LinkedHashMap<>();
    for (DiskDefinition disk : state.definition().disks()) {
      disks.put(
          disk.id(), LayeredDisk.open(diskDirectory(directory, disk.id()), state.disk(disk.id())));
    }
    return new VmStore(directory, state, disks, journal, fences);
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

  Map<String, LayeredDisk> disks() {
    return disks;
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
    disks.keySet().forEach(disk -> fences.highest(FenceBook.disk(id(), disk)).ifPresent(seen::add));
    return seen.stream().max(LabFence::compareTo).orElse(null);
  }

  /** Stores {@code next} and writes its line. */
  void commit(Effect draft, VmState next) throws IOException {
    journal.commit(draft, effect -> replace(next.with(effect)));
  }

  /** Stores a state that means the same as before, which is no effect. */
  void replace(VmState next) throws IOException {
    store(directory, next);
    state = next;
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

  @Override
  public void close() throws IOException {
    for (LayeredDisk disk : disks.values()) {
      disk.close();
    }
  }
}
