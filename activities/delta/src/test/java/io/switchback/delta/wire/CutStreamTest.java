package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.ForwardingSource;
import io.switchback.delta.ProofMismatchException;
import io.switchback.delta.Rung;
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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers whose streams are cut after any byte, in either direction, and begun again. */
@Timeout(20)
class CutStreamTest {
  private static final long CAPACITY = 4L * SUPER_BYTES + LEAF_BYTES + 512;

  /** More than may ever have to be sent again. */
  private static final ByteRange MUCH = new ByteRange(0, 2L * SUPER_BYTES + LEAF_BYTES);

  private static final int CUTS = 6;

  @TempDir Path folder;

  /** What is known of what differs, and the way that is taken then. */
  private enum Known {
    NOTHING(Rung.FULL_COPY),
    NO_LIST(Rung.FULL_COMPARISON),
    LIST(Rung.CHANGE_LIST);

    private final Rung rung;

    Known(Rung rung) {
      this.rung = rung;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void endEqual(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Known known = Known.values()[(int) (seed % 3)];
    Path source = image("source", random);
    Path sink = folder.resolve("sink");
    ChangedAreas changes =
        switch (known) {
          case NOTHING -> new ChangedAreas.Unknown("it is the first");
          case NO_LIST -> new ChangedAreas.Compared("nobody knows");
          case LIST -> new ChangedAreas.Listed(changed(source, sink, random));
        };
    if (known != Known.LIST) {
      image("sink", random);
    }
    int cuts = 0;
    Rung rung = null;
    try (Loopback serving =
            new Loopback(_ -> FenceCheck.UNFENCED, _ -> new FileDiskSource(source));
        CuttingProxy proxy = new CuttingProxy(serving.port())) {
      for (boolean isDone = false; !isDone; ) {
        proxy.next(cuts < CUTS ? cut(random) : CuttingProxy.Cut.NEVER);
        try {
          rung = transfer(proxy, sink, changes);
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
    assertThat(rung).isEqualTo(known.rung);
  }

  @Test
  void whatWasAppliedAndLostIsNoticedAndSentAgain() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    Path source = image("source", random);
    Path sink = folder.resolve("sink");
    Files.copy(source, sink);
    write(source, MUCH, random);
    ChangedAreas changes = new ChangedAreas.Listed(List.of(MUCH));
    AtomicReference<CuttingProxy> onTheWay = new AtomicReference<>();
    try (Loopback serving =
            new Loopback(_ -> FenceCheck.UNFENCED, _ -> new CutOnceApplied(source, onTheWay));
        CuttingProxy proxy = new CuttingProxy(serving.port())) {
      onTheWay.set(proxy);
      assertThatIOException().isThrownBy(() -> transfer(proxy, sink, changes));
      try (FileChannel file = FileChannel.open(sink, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(new byte[512]), applied().getFirst() * SUPER_BYTES);
      }
      onTheWay.set(null);

      assertThatExceptionOfType(ProofMismatchException.class)
          .isThrownBy(() -> transfer(proxy, sink, changes));
      assertThat(transfer(proxy, sink, changes)).isEqualTo(Rung.CHANGE_LIST);
    }
    assertThat(Files.mismatch(sink, source)).isEqualTo(-1);
  }

  /** The supers that the journal says are there. */
  private List<Long> applied() throws IOException {
    return Files.readAllLines(folder.resolve("state/transfer")).stream()
        .filter(line -> line.contains(" applied "))
        .map(line -> Long.parseLong(line.split(" ")[2]))
        .toList();
  }

  /** Gives the end of what is listed only when the journal has a super before it, and cuts then. */
  private final class CutOnceApplied extends ForwardingSource {
    private final AtomicReference<CuttingProxy> onTheWay;

    private CutOnceApplied(Path source, AtomicReference<CuttingProxy> onTheWay) throws IOException {
      super(new FileDiskSource(source));
      this.onTheWay = onTheWay;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      CuttingProxy proxy = onTheWay.get();
      if (proxy != null && offsetBytes + into.remaining() >= MUCH.endBytes()) {
        while (applied().isEmpty()) {
          LockSupport.parkNanos(1_000_000);
        }
        proxy.cutNow();
      }
      super.read(offsetBytes, into);
    }
  }

  private Rung transfer(CuttingProxy proxy, Path image, ChangedAreas changes) throws Exception {
    try (FileDiskSink sink =
            new FileDiskSink(image, FenceCheck.UNFENCED, folder.resolve("state"), "snapshot-1");
        RemoteSource source =
            RemoteSource.open(
                proxy.dial(), Loopback.DISK, new byte[] {1}, CAPACITY, Loopback.SETTINGS)) {
      return new Transfer(source, sink, changes, TransferObserver.NONE).run().rung();
    }
  }

  /** In the heads of the first frames, in the middle of some frame, or rather late. */
  private static CuttingProxy.Cut cut(SplittableRandom random) {
    int most =
        switch (random.nextInt(3)) {
          case 0 -> 80;
          case 1 -> 4_000;
          default -> 2_000_000;
        };
    return new CuttingProxy.Cut(random.nextInt(most), random.nextBoolean(), random.nextBoolean());
  }

  /** Makes the sink what the source was, and changes the source at the places that it answers. */
  private static List<ByteRange> changed(Path source, Path sink, SplittableRandom random)
      throws IOException {
    Files.copy(source, sink);
    List<ByteRange> listed = new ArrayList<>();
    for (int i = random.nextInt(3, 30); i > 0; i--) {
      long length = random.nextLong(1, 3L * LEAF_BYTES);
      ByteRange range = new ByteRange(random.nextLong(CAPACITY - length), length);
      write(source, range, random);
      listed.add(range);
    }
    return listed;
  }

  private static void write(Path image, ByteRange range, SplittableRandom random)
      throws IOException {
    byte[] bytes = new byte[(int) range.lengthBytes()];
    random.nextBytes(bytes);
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), range.offsetBytes());
    }
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
