package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.ProofMismatchException;
import io.switchback.delta.Rung;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.SparseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A source that gives other bytes to be copied than it gave to be compared. */
class ReadTwiceTest {
  private static final int CAPACITY = SUPER_BYTES + 3 * LEAF_BYTES + 512;
  private static final int CHANGED = SUPER_BYTES + LEAF_BYTES;
  private static final int CHANGED_TOO = CHANGED + LEAF_BYTES;

  @TempDir Path folder;
  private final byte[] content = random(1, CAPACITY);

  /** Of the leaf that differs, and so is read again. */
  private boolean turnsABit;

  /** And everything else that is read again. */
  private final AtomicLong reads = new AtomicLong(Long.MAX_VALUE);

  enum Way {
    NEAR,
    FAR
  }

  @BeforeEach
  void makeASinkThatDiffers() throws IOException {
    SparseFile.create(sink(), CAPACITY);
    Files.write(sink(), content);
    content[CHANGED] ^= 1;
    content[CHANGED_TOO] ^= 1;
  }

  @ParameterizedTest
  @EnumSource
  void isFoundOutByTheProofOfAComparison(Way way) throws Exception {
    turnsABit = true;
    assertNotProven(way);
    turnsABit = false;
    assertThat(transfer(way).coveredBytes()).as("nothing is believed").isEqualTo(LEAF_BYTES);
    assertSameBytes(Files.readAllBytes(sink()), content);
  }

  @ParameterizedTest
  @EnumSource
  void isFoundOutByAComparisonWithStoredDigests(Way way) throws Exception {
    transfer(way);
    content[CHANGED] ^= 2;
    turnsABit = true;
    snapshot = 2;
    assertNotProven(way);
    turnsABit = false;
    TransferResult result = transfer(way);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertSameBytes(Files.readAllBytes(sink()), content);
    content[CHANGED] ^= 4;
    snapshot = 3;
    assertThat(transfer(way).rung()).isEqualTo(Rung.STORED_DIGESTS);
  }

  @ParameterizedTest
  @CsvSource({"NEAR,false", "FAR,false", "NEAR,true", "FAR,true"})
  void isFoundOutByTheAttemptThatGoesOn(Way way, boolean isStored) throws Exception {
    if (isStored) {
      transfer(way);
      content[CHANGED] ^= 2;
      snapshot = 2;
    }
    reads.set(0);
    assertThatIOException().isThrownBy(() -> transfer(way)).withMessageContaining("READ_FAILED");
    reads.set(Long.MAX_VALUE);
    turnsABit = true;
    assertNotProven(way);
  }

  @Test
  void anEqualDiskIsNotReadAgain() throws Exception {
    Files.write(sink(), content);
    turnsABit = true;
    assertThat(transfer(Way.NEAR).proof().comparedBytes()).isEqualTo(CAPACITY);
  }

  private int snapshot = 1;

  private Path sink() {
    return folder.resolve("sink");
  }

  private void assertNotProven(Way way) {
    assertThatExceptionOfType(ProofMismatchException.class)
        .isThrownBy(() -> transfer(way))
        .withMessageContaining("than to be compared")
        .satisfies(
            found ->
                assertThat(found.firstMismatch().intersection(new ByteRange(CHANGED, 1)))
                    .isPresent());
  }

  private TransferResult transfer(Way way) throws Exception {
    try (FileDiskSink sink =
        new FileDiskSink(
            sink(), FenceCheck.UNFENCED, folder.resolve("state"), "snapshot " + snapshot)) {
      DiskSource source = new Source(content.clone());
      if (way == Way.NEAR) {
        return transfer(source, sink);
      }
      try (Loopback serving = Loopback.of(source);
          RemoteSource far = serving.open(CAPACITY)) {
        return transfer(far, sink);
      }
    }
  }

  private static TransferResult transfer(DiskSource source, FileDiskSink sink) throws Exception {
    return new Transfer(
            source, sink, new ChangedAreas.Compared("nobody knows"), TransferObserver.NONE)
        .run();
  }

  /** Compared by other calls than copied. */
  private final class Source extends ArrayDisk {
    private final ArrayDisk compared;

    Source(byte[] bytes) {
      super(bytes);
      this.compared = new ArrayDisk(bytes);
    }

    @Override
    public Optional<DiskSource> near() {
      return Optional.of(compared);
    }

    @Override
    public byte[] tags(
        io.switchback.delta.tag.TagKey key,
        io.switchback.delta.tag.TagLevel level,
        java.util.List<ByteRange> ranges)
        throws IOException {
      return compared.tags(key, level, ranges);
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      if (reads.decrementAndGet() < 0) {
        throw new IOException("READ_FAILED");
      }
      int at = into.position();
      super.read(offsetBytes, into);
      ByteRange read = new ByteRange(offsetBytes, into.position() - at);
      if (turnsABit && read.intersection(new ByteRange(CHANGED, 1)).isPresent()) {
        int index = at + (int) (CHANGED - offsetBytes);
        into.put(index, (byte) (into.get(index) ^ 8));
      }
    }
  }
}
