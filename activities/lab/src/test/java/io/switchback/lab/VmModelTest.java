package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of a VM whose disks come, grow and go, against plain byte arrays. */
class VmModelTest {
  private static final int GRAINS = 8;
  private static final int MOST_DISKS = 4;
  private static final SiteResources ROOM =
      new SiteResources(null, List.of(new DatastoreDefinition("fast", 1L << 30)));

  @TempDir Path directory;

  private final Random random = new Random();
  private final Map<String, Map<String, byte[]>> frozen = new LinkedHashMap<>();
  private Map<String, byte[]> present = new LinkedHashMap<>();
  private LabSite site;
  private int made;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void showsTheDisksAndBytesOfEachMomentAndCountsWhatTheyTake(long seed) throws IOException {
    random.setSeed(seed);
    site = open();
    site.create(LabFixture.idle("web", GRAINS * Layer.GRAIN), null);
    present.put("disk-0", new byte[GRAINS * Layer.GRAIN]);
    for (int i = 0; i < 80; i++) {
      act(site.find("web"), i);
      check(site.find("web"));
    }
    site.delete("web", null);
    assertThat(site.room().look().datastores().getFirst().usedBytes()).isZero();
    site.close();
  }

  private LabSite open() throws IOException {
    return LabSite.open(
        directory,
        (vm, boot, host) -> {
          throw new AssertionError("no guests here");
        },
        ROOM,
        new PowerHook(""));
  }

  private void act(LabVm vm, int turn) throws IOException {
    switch (random.nextInt(14)) {
      case 0, 1 -> {
        vm.createSnapshot("s" + turn, false, null);
        frozen.put("s" + turn, copy(present));
      }
      case 2, 3 -> {
        if (!frozen.isEmpty()) {
          String name = any(frozen);
          vm.revert(name, null);
          present = copy(frozen.get(name));
        }
      }
      case 4 -> {
        if (!frozen.isEmpty()) {
          String name = any(frozen);
          vm.removeSnapshot(name, null);
          frozen.remove(name);
        }
      }
      case 5, 6 -> addDisk(vm);
      case 7 -> {
        if (present.size() > 1) {
          String disk = any(present);
          vm.disks().remove(disk, null);
          present.remove(disk);
        }
      }
      case 8 -> {
        String disk = any(present);
        byte[] bytes = present.get(disk);
        vm.disks().grow(disk, bytes.length + Layer.GRAIN, null);
        present.put(disk, Arrays.copyOf(bytes, bytes.length + Layer.GRAIN));
      }
      case 9 -> {
        site.close();
        site = open();
      }
      default -> write(vm);
    }
  }

  private void addDisk(LabVm vm) throws IOException {
    if (present.size() < MOST_DISKS) {
      String disk = "disk-" + ++made;
      vm.disks().add(DiskDefinition.empty(disk, GRAINS * Layer.GRAIN), null);
      present.put(disk, new byte[GRAINS * Layer.GRAIN]);
    }
  }

  private void write(LabVm vm) throws IOException {
    String disk = any(present);
    byte[] target = present.get(disk);
    int offset = random.nextInt(target.length - 1);
    byte[] bytes =
        LabFixture.random(
            random, 1 + random.nextInt(Math.min(target.length - offset, 3 * Layer.GRAIN)));
    System.arraycopy(bytes, 0, target, offset, bytes.length);
    vm.transfers()
        .write(
            LabFixture.writing(disk, List.of(new ByteRange(offset, bytes.length)), List.of()),
            ByteBuffer.wrap(bytes),
            () -> {});
  }

  private String any(Map<String, ?> things) {
    return new ArrayList<>(things.keySet()).get(random.nextInt(things.size()));
  }

  private static Map<String, byte[]> copy(Map<String, byte[]> disks) {
    Map<String, byte[]> copy = new LinkedHashMap<>();
    disks.forEach((disk, bytes) -> copy.put(disk, bytes.clone()));
    return copy;
  }

  private void check(LabVm vm) throws IOException {
    assertThat(vm.look().disks())
        .extracting(DiskDefinition::id)
        .containsExactlyInAnyOrderElementsOf(present.keySet());
    for (Map.Entry<String, byte[]> disk : present.entrySet()) {
      assertThat(read(vm, disk.getKey(), null, disk.getValue().length)).isEqualTo(disk.getValue());
    }
    for (SnapshotView snapshot : vm.look().snapshots()) {
      Map<String, byte[]> shown = frozen.get(snapshot.name());
      assertThat(snapshot.changeIds()).containsOnlyKeys(shown.keySet());
      for (Map.Entry<String, byte[]> disk : shown.entrySet()) {
        assertThat(read(vm, disk.getKey(), snapshot.name(), disk.getValue().length))
            .as(snapshot.name() + " " + disk.getKey())
            .isEqualTo(disk.getValue());
      }
    }
    checkRoom(vm);
  }

  private static byte[] read(LabVm vm, String disk, String snapshot, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    vm.transfers().read(disk, snapshot, 0, bytes);
    return bytes.array();
  }

  /** What is counted is what the layers hold, once the cache is empty, and no file is left over. */
  private void checkRoom(LabVm vm) throws IOException {
    for (LayeredDisk disk : vm.store().disks().values()) {
      disk.flush();
    }
    long held = 0;
    for (Map.Entry<String, DiskState> disk : vm.store().state().disks().entrySet()) {
      Path files = VmStore.diskDirectory(directory.resolve("vms/web"), disk.getKey());
      for (LayerState layer : disk.getValue().layers()) {
        byte[] map = Files.readAllBytes(Layer.mapFile(files, layer.id()));
        held += (long) BitSet.valueOf(map).cardinality() * Layer.GRAIN;
      }
    }
    assertThat(vm.look().allocatedBytes()).isEqualTo(held);
    assertThat(site.room().look().datastores().getFirst().usedBytes()).isEqualTo(held);
    try (var disks = Files.list(directory.resolve("vms/web/disks"))) {
      assertThat(disks.map(one -> one.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(vm.store().state().disks().keySet());
    }
  }
}
