package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.ProofMismatchException;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers whose streams are cut after any byte, in either direction, and begun again. */
@Timeout(20)
class CutStreamTest {
  private static final long CAPACITY = 2L * SUPER_BYTES + LEAF_BYTES + 512;
  private static final int CUTS = 6;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void endEqual(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path source = image("source", random);
    Path sink = image("sink", random);
    ChangedAreas changes = changes(random);
    int cuts = 0;
    try (Loopback serving =
            new Loopback(_ -> FenceCheck.UNFENCED, _ -> new FileDiskSource(source));
        CuttingProxy proxy = new CuttingProxy(serving.port())) {
      for (boolean isDone = false; !isDone; ) {
        proxy.next(cuts < CUTS ? cut(random) : CuttingProxy.Cut.NEVER);
        try {
          transfer(proxy, sink, changes);
          isDone = true;
        } catch (ProofMismatchException wrong) {
          throw wrong;
        } catch (IOException interrupted) {
          assertThat(cuts).as("cuts before %s", interrupted).isLessThan(CUTS);
          cuts++;
        }
      }
    }
    assertThat(Files.mismatch(sink, source)).as("seed %d, after %d cuts", seed, cuts).isEqualTo(-1);
  }

  private void transfer(CuttingProxy proxy, Path image, ChangedAreas changes) throws Exception {
    try (FileDiskSink sink =
            new FileDiskSink(image, FenceCheck.UNFENCED, folder.resolve("state"), "snapshot-1");
        RemoteSource source =
            RemoteSource.open(
                proxy.dial(), Loopback.DISK, new byte[] {1}, CAPACITY, Loopback.SETTINGS)) {
      var _ = new Transfer(source, sink, changes, TransferObserver.NONE).run();
    }
  }

  /** In the heads of the first frames, in the middle of some frame, or rather late. */
  private static CuttingProxy.Cut cut(SplittableRandom random) {
    int most =
        switch (random.nextInt(3)) {
          case 0 -> 80;
          case 1 -> 4_000;
          default -> 700_000;
        };
    return new CuttingProxy.Cut(random.nextInt(most), random.nextBoolean(), random.nextBoolean());
  }

  private static ChangedAreas changes(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> new ChangedAreas.Unknown("it is the first");
      case 1 -> new ChangedAreas.Compared("nobody knows");
      default -> new ChangedAreas.Listed(List.of(new ByteRange(0, CAPACITY)));
    };
  }

  private Path image(String name, SplittableRandom random) throws IOException {
    Path image = folder.resolve(name);
    try (FileChannel file =
        FileChannel.open(
            image,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), CAPACITY - 1);
      for (int i = random.nextInt(3, 12); i > 0; i--) {
        byte[] bytes = new byte[random.nextInt(1, 2 * LEAF_BYTES)];
        random.nextBytes(bytes);
        file.write(ByteBuffer.wrap(bytes), random.nextLong(CAPACITY - bytes.length));
      }
    }
    return image;
  }
}
