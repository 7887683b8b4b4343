package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of a disk against plain byte arrays. */
class DiskModelTest {
  private static final int CAPACITY = 24 * Layer.GRAIN;
  private static final String DISK = "disk-0";

  @TempDir Path directory;

  /** What a snapshot must show, and for each earlier snapshot what it showed when it was made. */
  private final Map<String, byte[]> frozen = new LinkedHashMap<>();

  private byte[] present = new byte[CAPACITY];

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void showsWhatWasWrittenThroughSnapshotsRevertsRemovalsAndRestarts(long seed) throws IOException {
    Random random = new Random(seed);
    LabSite site = open();
    site.create(LabFixture.idle("web", CAPACITY), null);
    for (int i = 0; i < 100; i++) {
      LabVm vm = site.find("web");
      switch (random.nextInt(12)) {
        case 0, 1 -> snapshot(vm, "s" + i);
        case 2 -> revert(vm, random);
        case 3, 4 -> remove(vm, random);
        case 5 -> vm.transfers().flush(DISK, null);
        case 6 -> {
          site.close();
          site = open();
        }
        default -> write(vm, random);
      }
      check(site.find("web"));
    }
    site.close();
  }

  private LabSite open() throws IOException {
    return LabSite.open(
        directory,
        (vm, boot, host) -> {
          throw new AssertionError("no guests here");
        },
        null,
        new PowerHook(""));
  }

  private void write(LabVm vm, Random random) throws IOException {
    int offset = random.nextInt(CAPACITY - 1);
    int length = 1 + random.nextInt(Math.min(CAPACITY - offset, 3 * Layer.GRAIN));
    if (random.nextInt(4) == 0) {
      Arrays.fill(present, offset, offset + length, (byte) 0);
      vm.transfers()
          .write(
              LabFixture.writing(DISK, List.of(), List.of(new ByteRange(offset, length))),
              ByteBuffer.allocate(0),
              () -> {});
      return;
    }
    byte[] bytes = LabFixture.random(random, length);
    System.arraycopy(bytes, 0, present, offset, length);
    vm.transfers()
        .write(
            LabFixture.writing(DISK, List.of(new ByteRange(offset, length)), List.of()),
            ByteBuffer.wrap(bytes),
            () -> {});
  }

  private void snapshot(LabVm vm, String name) throws IOException {
    vm.createSnapshot(name, false, null);
    frozen.put(name, present.clone());
  }

  private void revert(LabVm vm, Random random) throws IOException {
    if (!frozen.isEmpty()) {
      String name = any(random);
      vm.revert(name, null);
      present = frozen.get(name).clone();
    }
  }

  private void remove(LabVm vm, Random random) throws IOException {
    if (!frozen.isEmpty()) {
      String name = any(random);
      vm.removeSnapshot(name, null);
      frozen.remove(name);
    }
  }

  private String any(Random random) {
    return new ArrayList<>(frozen.keySet()).get(random.nextInt(frozen.size()));
  }

  private void check(LabVm vm) throws IOException {
    assertThat(bytes(vm, null)).as("present").isEqualTo(present);
    for (SnapshotView one : vm.look().snapshots()) {
      byte[] shown = frozen.get(one.name());
      assertThat(bytes(vm, one.name())).as(one.name()).isEqualTo(shown);
      try (SnapshotReader reader = SnapshotReader.open(directory, "web", DISK, one.id())) {
        ByteBuffer target = ByteBuffer.allocate(CAPACITY);
        reader.read(0, target);
        assertThat(target.array()).as("read past the daemon: " + one.name()).isEqualTo(shown);
        for (SnapshotView other : vm.look().snapshots()) {
          checkChanges(vm, other, one);
        }
      }
    }
    assertThat(vm.store().state().disk(DISK).layers())
        .as("every layer but the top is needed by a snapshot or has several children")
        .allMatch(
            layer ->
                !vm.store().state().hiddenLayers(DISK).contains(layer.id())
                    || vm.store().state().disk(DISK).childrenOf(layer.id()).size() > 1);
  }

  private void checkChanges(LabVm vm, SnapshotView since, SnapshotView until) {
    List<ByteRange> changed =
        vm.transfers().changedAreas(DISK, since.changeIds().get(DISK), until.id());
    byte[] before = frozen.get(since.name());
    byte[] after = frozen.get(until.name());
    byte[] patched = before.clone();
    for (ByteRange range : changed) {
      System.arraycopy(
          after,
          (int) range.offsetBytes(),
          patched,
          (int) range.offsetBytes(),
          (int) range.lengthBytes());
    }
    assertThat(patched).as(since.name() + " to " + until.name()).isEqualTo(after);
  }

  private byte[] bytes(LabVm vm, String snapshot) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(CAPACITY);
    vm.transfers().read(DISK, snapshot, 0, target);
    return target.array();
  }
}
