package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Proof;
import io.switchback.delta.Requires;
import io.switchback.delta.TestBytes;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.file.SparseFile;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another program's eyes on real files: what was copied, and what each point reads as. */
@Tag("process")
class QemuJudgeIT {
  private static final long CAPACITY = 20L * 1024 * 1024 + 4096 + 512;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyPointIsWhatTheSourceWas(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path source = folder.resolve("source.img");
    Path replica = folder.resolve("replica.img");
    SparseFile.create(source, CAPACITY);
    SparseFile.create(replica, CAPACITY);
    List<Path> moments = new ArrayList<>();
    try (RestorePoints points =
        RestorePoints.open(replica, folder.resolve("points"), FenceCheck.UNFENCED)) {
      for (int cycle = 0; cycle < 4; cycle++) {
        change(source, random);
        points.commit("p" + cycle, transfer(source, points.sink()));
        assertEqual(source, replica);
        moments.add(
            Files.copy(
                source,
                folder.resolve("moment" + cycle + ".img"),
                StandardCopyOption.REPLACE_EXISTING));
      }
      points.expire("p2");
      for (int cycle : new int[] {0, 1, 3}) {
        Path copy = folder.resolve("copy" + cycle + ".img");
        SparseFile.create(copy, CAPACITY);
        try (DiskSource then = points.read("p" + cycle);
            DiskSink to = new FileDiskSink(copy, FenceCheck.UNFENCED)) {
          transfer(then, to);
        }
        assertEqual(moments.get(cycle), copy);
      }
      points.revert("p1");
    }
    assertEqual(moments.get(1), replica);
  }

  private static Proof transfer(Path source, DiskSink sink) throws Exception {
    try (DiskSource from = new FileDiskSource(source)) {
      return transfer(from, sink);
    }
  }

  private static Proof transfer(DiskSource from, DiskSink sink) throws Exception {
    ChangedAreas changes = new ChangedAreas.Compared("there is no list");
    return new Transfer(from, sink, changes, TransferObserver.NONE).run().proof();
  }

  private static void change(Path image, SplittableRandom random) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      for (int i = 0; i < 20; i++) {
        int length = random.nextInt(1, 3 * LEAF_BYTES);
        file.seek(random.nextLong(CAPACITY - length));
        file.write(
            random.nextInt(4) == 0
                ? new byte[length]
                : TestBytes.random(random.nextLong(), length));
      }
    }
  }

  private static void assertEqual(Path one, Path other) throws Exception {
    Requires.Ended ended =
        Requires.run(
            List.of(
                Requires.tool("qemu-img").toString(),
                "compare",
                "-f",
                "raw",
                "-F",
                "raw",
                one.toString(),
                other.toString()));
    assertThat(ended.printed()).isEqualTo("Images are identical.");
    assertThat(ended.exitCode()).isZero();
  }
}
