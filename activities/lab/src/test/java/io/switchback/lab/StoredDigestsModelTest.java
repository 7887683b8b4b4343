package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DocumentedTags;
import io.switchback.delta.ForwardingSink;
import io.switchback.delta.Rung;
import io.switchback.delta.StoredTags;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.state.DirectoryFolder;
import io.switchback.delta.state.TagMapFile;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of a replica's disk, with passes that are cut and sites that are killed: whatever is
 * stored of it and called current is of what it holds.
 */
class StoredDigestsModelTest {
  private static final int CAPACITY = 12 * Layer.GRAIN;
  private static final int STEPS = 40;

  @TempDir Path directory;
  private final List<String> snapshots = new ArrayList<>();
  private final Set<Rung> rungs = EnumSet.noneOf(Rung.class);
  private int lives;
  private int passes;
  private int trueTags;
  private LabDaemon daemon;
  private LabClient client;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void tagsThatAreCurrentAreOfWhatTheDiskHolds(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] content = LabFixture.random(random, CAPACITY);
    start();
    client.createVm(LabFixture.idle("web", CAPACITY), null);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(10)) {
        case 0 -> writeByHand(random);
        case 1 -> snapshot("s" + step);
        case 2 -> revert(random);
        case 3 -> remove(random);
        case 4 -> kill();
        case 5 -> {
          stop();
          start();
        }
        default -> {
          if (random.nextBoolean()) {
            content[random.nextInt(CAPACITY)]++;
            passes++;
          }
          pass(content, random.nextInt(3) == 0 ? random.nextInt(12) : Integer.MAX_VALUE);
        }
      }
      check(step);
    }
    stop();
    assertThat(rungs).as("ways that were gone").contains(Rung.STORED_DIGESTS, Rung.FULL_COMPARISON);
    assertThat(trueTags).as("times that tags were current").isGreaterThan(STEPS / 8);
  }

  private Path site() {
    return directory.resolve("site-" + lives);
  }

  private void start() throws IOException {
    daemon = LabDaemon.start(new LabSettings("munich", site(), 0));
    client = LabClient.of(site());
  }

  private void stop() throws IOException {
    client.close();
    daemon.close();
  }

  /** What is on the site's disk at this moment is what the next site finds. */
  private void kill() throws IOException {
    Path killed = site();
    Path next = directory.resolve("site-" + (lives + 1));
    try (var files = Files.walk(killed)) {
      for (Path file : files.toList()) {
        copy(file, next.resolve(killed.relativize(file)));
      }
    }
    stop();
    lives++;
    start();
  }

  private static void copy(Path from, Path to) throws IOException {
    try {
      Files.copy(from, to);
    } catch (FileSystemException gone) {
      if (Files.exists(from)) {
        throw gone;
      }
    }
  }

  private void writeByHand(Random random) {
    byte[] bytes = LabFixture.random(random, 1 + random.nextInt(2 * Layer.GRAIN));
    try (DiskConnection disk = client.openDisk("web", "disk-0")) {
      LabFixture.write(disk, random.nextInt(CAPACITY - bytes.length), bytes, null);
    }
    if (random.nextBoolean()) {
      client.flush("web", "disk-0", null);
    }
  }

  private void snapshot(String name) {
    client.createSnapshot("web", name, false, null);
    snapshots.add(name);
  }

  private void revert(Random random) {
    if (!snapshots.isEmpty()) {
      client.revert("web", snapshots.get(random.nextInt(snapshots.size())), null);
    }
  }

  private void remove(Random random) {
    if (!snapshots.isEmpty()) {
      client.removeSnapshot("web", snapshots.remove(random.nextInt(snapshots.size())), null);
    }
  }

  /**
   * @param calls of the sink, after which the site is killed
   */
  private void pass(byte[] content, int calls) throws Exception {
    Path image = Files.write(directory.resolve("source"), content);
    AtomicInteger left = new AtomicInteger(calls);
    try (DiskSource source = new FileDiskSource(image);
        LabDiskSink opened =
            LabDiskSink.open(client, "web", "disk-0", LabFixture.stamp("cycle", 3, 1));
        DiskSink sink = new Killing(opened, left)) {
      opened.remember("content-" + passes);
      ChangedAreas changes =
          new ChangedAreas.Compared("change tracking was reset", passes % 5 == 0);
      rungs.add(new Transfer(source, sink, changes, TransferObserver.NONE).run().rung());
      assertThat(disk()).isEqualTo(content);
    } catch (IOException cut) {
      assertThat(left.get()).as("calls before %s", cut).isLessThanOrEqualTo(0);
      kill();
    }
  }

  private byte[] disk() {
    try (DiskConnection connection = client.openDisk("web", "disk-0")) {
      return LabFixture.read(connection, null, 0, CAPACITY);
    }
  }

  private void check(int step) throws Exception {
    // Past the daemon: whoever asks it takes the disk over from the attempt that may go on.
    String lineage = VmStore.readState(site().resolve("vms/web")).disk("disk-0").lineage();
    TagMapFile files =
        new TagMapFile(
            new DirectoryFolder(site().resolve("vms/web/disks/disk-0")), CAPACITY, () -> lineage);
    StoredTags tags = files.holder();
    if (tags.standing("somebody-else") instanceof StoredTags.Current current) {
      trueTags++;
      assertThat(tags.leaves(0).orElseThrow())
          .as("after step %d", step)
          .isEqualTo(
              DocumentedTags.of(
                  current.key(), TagLevel.LEAF, disk(), List.of(new ByteRange(0, CAPACITY))));
    }
    files.close();
  }

  /** Gets no answer any more after so many calls. */
  private static final class Killing extends ForwardingSink {
    private final DiskSink sink;
    private final AtomicInteger left;

    Killing(DiskSink sink, AtomicInteger left) {
      super(sink);
      this.sink = sink;
      this.left = left;
    }

    private void count() throws IOException {
      if (left.decrementAndGet() <= 0) {
        throw new IOException("The site was killed.");
      }
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      count();
    }

    @Override
    public void flush() throws IOException {
      super.flush();
      count();
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      count();
      return super.tags(key, level, ranges);
    }

    @Override
    public Optional<TransferJournal> journal() {
      return sink.journal();
    }

    @Override
    public Optional<StoredTags> storedTags() {
      return sink.storedTags();
    }
  }
}
