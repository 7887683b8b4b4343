package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Geometry;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.UnreadableDiskException;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a disk or a peer, the replica's disk holds no byte that nobody sent. */
class BadInputTest {
  private static final int SIZE = 20 * 1024 * 1024;
  private static final ChangedAreas ALL = new ChangedAreas.Unknown("first");
  private static final ChangedAreas COMPARED = new ChangedAreas.Compared("nobody knows");

  @TempDir Path folder;

  private final byte[] content = random(1, SIZE);
  private final byte[] old = random(2, SIZE);

  @Test
  void aSourceThatShrinksEndsTheTransferAndItsEndIsNotTakenForZeros() throws Exception {
    Path image = file("source.img", content);
    RefusedException refused =
        assertRefused(
            new FileDiskSource(image),
            ALL,
            () -> shrink(image, SIZE / 4),
            WireFault.CAPACITY_DIFFERS);
    assertThat(refused).hasMessageContaining(Integer.toString(SIZE / 4));
  }

  @Test
  void aSinkThatShrinksEndsTheTransferAndDoesNotGrowAgain() throws Exception {
    Path image = file("sink.img", old);
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        RemoteSource remote = loopback.open(SIZE);
        DiskSink sink = new FileDiskSink(image, () -> shrink(image, LEAF_BYTES))) {
      assertThatExceptionOfType(DiskShrankException.class)
          .isThrownBy(() -> new Transfer(remote, sink, ALL, TransferObserver.NONE).run());
    }
    assertThat(Files.size(image)).isLessThan(SIZE);
  }

  @Test
  void sectorsThatCannotBeReadAreNamedAndNothingTakesTheirPlace() throws Exception {
    long bad = SIZE / 2 + 512;
    for (ChangedAreas changes : new ChangedAreas[] {ALL, COMPARED}) {
      DiskSource damaged =
          new ArrayDisk(content) {
            @Override
            public void read(long offsetBytes, ByteBuffer into) throws IOException {
              if (offsetBytes <= bad && bad < offsetBytes + into.remaining()) {
                throw new UnreadableDiskException(
                    "disk-0", new ByteRange(bad, 512), new IOException("Input/output error"));
              }
              super.read(offsetBytes, into);
            }
          };
      RefusedException refused =
          assertRefused(damaged, changes, FenceCheck.UNFENCED, WireFault.DISK_UNREADABLE);
      assertThat(refused).hasMessageContaining(new ByteRange(bad, 512).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 511, 513, 4095, LEAF_BYTES - 1, LEAF_BYTES + 1, Geometry.SUPER_BYTES + 12_345})
  void aCapacityThatIsNoMultipleOfAnythingIsCopiedToItsLastByte(int capacity) throws Exception {
    byte[] odd = Arrays.copyOf(content, capacity);
    for (ChangedAreas changes : new ChangedAreas[] {ALL, COMPARED}) {
      Path image = file("odd.img", Arrays.copyOf(old, capacity));
      try (Loopback loopback = Loopback.of(new ArrayDisk(odd));
          RemoteSource remote = loopback.open(capacity);
          DiskSink sink = new FileDiskSink(image, FenceCheck.UNFENCED)) {
        new Transfer(remote, sink, changes, TransferObserver.NONE).run();
      }
      assertSameBytes(Files.readAllBytes(image), odd);
    }
  }

  @Test
  void whoeverAnswersSomethingElseAtTheAddressIsNotListenedTo() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Socket socket = other.accept()) {
                      byte[] page =
                          "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                      socket.getOutputStream().write(page);
                      socket.getInputStream().readAllBytes();
                    } catch (IOException ignored) {
                      // The worker hung up, which is what it should do.
                    }
                  });
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(
              () ->
                  RemoteSource.open(
                      new Socket(InetAddress.getLoopbackAddress(), other.getLocalPort()),
                      Loopback.DISK,
                      new byte[0],
                      SIZE,
                      Loopback.SETTINGS));
      answering.join();
    }
  }

  /**
   * @param beforeEachBatch what happens meanwhile
   */
  private RefusedException assertRefused(
      DiskSource source, ChangedAreas changes, FenceCheck beforeEachBatch, WireFault fault)
      throws Exception {
    Path image = file("replica.img", old);
    try (Loopback loopback = Loopback.of(source);
        RemoteSource remote = loopback.open(SIZE);
        DiskSink sink = new FileDiskSink(image, beforeEachBatch)) {
      Transfer transfer = new Transfer(remote, sink, changes, TransferObserver.NONE);
      AtomicReference<RefusedException> thrown = new AtomicReference<>();
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(transfer::run)
          .satisfies(
              refused -> {
                assertThat(refused.fault()).isEqualTo(fault);
                thrown.set(refused);
              });
      assertEveryLeafIsOldOrNew(image);
      return thrown.get();
    }
  }

  private void assertEveryLeafIsOldOrNew(Path image) throws IOException {
    byte[] found = Files.readAllBytes(image);
    assertThat(found).hasSize(SIZE);
    for (int at = 0; at < SIZE; at += LEAF_BYTES) {
      int end = at + LEAF_BYTES;
      assertThat(
              Arrays.equals(found, at, end, old, at, end)
                  || Arrays.equals(found, at, end, content, at, end))
          .as("leaf at %d", at)
          .isTrue();
    }
  }

  private Path file(String name, byte[] bytes) throws IOException {
    Path image = folder.resolve(name);
    Files.deleteIfExists(image);
    Files.write(image, bytes);
    return image;
  }

  private static void shrink(Path image, long bytes) {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    } catch (IOException unlikely) {
      throw new UncheckedIOException(unlikely);
    }
  }
}
