package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.Proof;
import io.switchback.delta.TestBytes;
import io.switchback.delta.state.TagMapFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random disks live through random cycles, reverts and expiries, and crash after every single write
 * and flush, with random parts of what was not flushed. Whatever is left has to be restore points
 * whose proof holds, and the same points that there were.
 */
class CrashTest {
  private static final int CAPACITY = 2 * LEAF_BYTES + 4096 + 512;

  /** Which points there were once so many changes and flushes were recorded. */
  private record Moment(int recorded, List<String> points) {}

  private final List<Moment> moments = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyCrashLeavesRestorePointsWhoseProofHolds(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    RecordingMachine machine = RecordingMachine.withDisk(CAPACITY);
    live(machine, random);
    List<RecordingMachine.Loss> losses = List.of(RecordingMachine.Loss.values());
    for (int crash = 0; crash <= machine.recorded(); crash++) {
      RecordingMachine.Loss loss = losses.get(random.nextInt(losses.size()));
      RecordingMachine after = machine.crashedAfter(crash, loss, random);
      try {
        recover(after, crash, random);
      } catch (IOException | AssertionError | RuntimeException failed) {
        throw new AssertionError(
            "seed %d, crash after %d, lost %s".formatted(seed, crash, loss), failed);
      }
    }
  }

  private void live(RecordingMachine machine, SplittableRandom random) throws IOException {
    try (RestorePoints points = open(machine)) {
      moments.add(new Moment(0, List.of()));
      for (int cycle = 1; cycle <= 5; cycle++) {
        writeSome(points.sink(), random);
        points.commit("p" + cycle, proofOf(machine.source()));
        remember(machine, points);
        if (cycle > 2 && random.nextInt(3) == 0) {
          points.expire(anyBut(points, random));
          remember(machine, points);
        }
        if (random.nextInt(3) == 0) {
          if (random.nextBoolean()) {
            writeSome(points.sink(), random);
          }
          points.revert(any(points, random));
          remember(machine, points);
        }
      }
    }
  }

  private void remember(RecordingMachine machine, RestorePoints points) {
    moments.add(new Moment(machine.recorded(), ids(points)));
  }

  private void recover(RecordingMachine machine, int crash, SplittableRandom random)
      throws IOException {
    try (RestorePoints points = open(machine)) {
      assertThat(ids(points)).isIn(before(crash), after(crash));
      assertProofsHold(points);
      if (!points.points().isEmpty()) {
        RestorePoint newest = points.points().getLast();
        if (points.isInterrupted() && random.nextBoolean()) {
          writeSome(points.sink(), random);
          points.commit("onwards", proofOf(machine.source()));
          assertThat(points.points().getLast().id()).isEqualTo("onwards");
        } else {
          if (points.isInterrupted()) {
            points.revert(newest.id());
          }
          assertThat(proofOf(machine.source())).isEqualTo(newest.proof());
        }
        assertProofsHold(points);
      }
    }
  }

  /** The points of the last change of theirs that was over by then. */
  private List<String> before(int crash) {
    return moments.stream()
        .filter(moment -> moment.recorded() <= crash)
        .toList()
        .getLast()
        .points();
  }

  /** The points of the change that was under way. */
  private List<String> after(int crash) {
    return moments.stream()
        .filter(moment -> moment.recorded() > crash)
        .findFirst()
        .orElse(moments.getLast())
        .points();
  }

  private static RestorePoints open(RecordingMachine machine) throws IOException {
    return RestorePoints.over(machine.sink(), machine.source(), machine, TagMapFile.Moment.UNKNOWN);
  }

  private static List<String> ids(RestorePoints points) {
    return points.points().stream().map(RestorePoint::id).toList();
  }

  private static String any(RestorePoints points, SplittableRandom random) {
    return ids(points).get(random.nextInt(ids(points).size()));
  }

  private static String anyBut(RestorePoints points, SplittableRandom random) {
    return ids(points).get(random.nextInt(Math.max(1, ids(points).size() - 1)));
  }

  private static void writeSome(DiskSink sink, SplittableRandom random) throws IOException {
    int batches = random.nextInt(1, 4);
    for (int batch = 0; batch < batches; batch++) {
      long at = random.nextLong(CAPACITY - 1);
      int length = random.nextInt(1, (int) Math.min(CAPACITY - at, LEAF_BYTES));
      sink.write(
          new Batch(
              List.of(
                  random.nextInt(3) == 0
                      ? new Batch.Zeros(new ByteRange(at, length))
                      : new Batch.Data(
                          at, ByteBuffer.wrap(TestBytes.random(random.nextLong(), length))))));
      if (random.nextBoolean()) {
        sink.flush();
      }
    }
  }

  private static void assertProofsHold(RestorePoints points) throws IOException {
    for (RestorePoint point : points.points()) {
      try (DiskSource then = points.read(point.id())) {
        assertThat(proofOf(then)).as("%s", point.id()).isEqualTo(point.proof());
      }
    }
  }

  private static Proof proofOf(DiskSource disk) throws IOException {
    return Roots.of(TestBytes.readAll(disk));
  }
}
