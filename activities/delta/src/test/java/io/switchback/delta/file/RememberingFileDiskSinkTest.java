package io.switchback.delta.file;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSinkContract;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FencedException;
import io.switchback.delta.ForwardingSource;
import io.switchback.delta.Rung;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.state.JournalFile;
import io.switchback.delta.state.TagMapFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A bare file that has a folder for what is known of it. */
@Tag("long")
class RememberingFileDiskSinkTest extends DiskSinkContract {
  private static final int CAPACITY = 3 * SUPER_BYTES + 512;
  private static final ChangedAreas UNKNOWN = new ChangedAreas.Unknown("it is the first");
  private static final ChangedAreas COMPARED = new ChangedAreas.Compared("nobody knows");

  @TempDir Path folder;
  private volatile boolean fenced;
  private final byte[] content = random(1, CAPACITY);
  private final AtomicLong readBytes = new AtomicLong();
  private final AtomicLong leftBytes = new AtomicLong(Long.MAX_VALUE);

  @Override
  protected DiskSink open(int capacityBytes) throws Exception {
    SparseFile.create(folder.resolve("contract.img"), capacityBytes);
    return sink("contract", "production at noon");
  }

  private DiskSink sink(String disk, String source) throws IOException {
    return new FileDiskSink(
        folder.resolve(disk + ".img"), this::check, folder.resolve(disk + ".state"), source);
  }

  private void check() throws FencedException {
    if (fenced) {
      throw new FencedException("a newer holder writes.");
    }
  }

  @Override
  protected DiskSource look() throws Exception {
    return new FileDiskSource(folder.resolve("contract.img"));
  }

  @Override
  protected void raiseFence() {
    fenced = true;
  }

  @Override
  protected void damage(long offsetBytes) throws Exception {
    flip("contract", offsetBytes);
  }

  @Test
  void aTransferThatDiedGoesOn() throws Exception {
    SparseFile.create(folder.resolve("disk.img"), CAPACITY);
    leftBytes.set(2L * SUPER_BYTES + LEAF_BYTES);
    assertThatIOException().isThrownBy(() -> transfer("noon", UNKNOWN));
    leftBytes.set(Long.MAX_VALUE);
    long read = readBytes.getAndSet(0);
    assertThat(transfer("noon", UNKNOWN).rung()).isEqualTo(Rung.FULL_COPY);
    assertThat(readBytes.get()).isLessThanOrEqualTo(CAPACITY).isLessThan(read + SUPER_BYTES);
    assertEqual();
    readBytes.set(0);
    transfer("noon", UNKNOWN);
    assertThat(readBytes).as("of a transfer that came to its end").hasValue(0);
  }

  @Test
  void anotherMomentOfTheSourceBeginsAnew() throws Exception {
    SparseFile.create(folder.resolve("disk.img"), CAPACITY);
    transfer("noon", UNKNOWN);
    readBytes.set(0);
    transfer("one o'clock", UNKNOWN);
    assertThat(readBytes).hasValue(CAPACITY);
    assertThatIllegalArgumentException().isThrownBy(() -> sink("disk", "noon\nor so"));
  }

  @Test
  void theNextTransferKnowsWhatTheFileHolds() throws Exception {
    SparseFile.create(folder.resolve("disk.img"), CAPACITY);
    transfer("noon", UNKNOWN);
    content[SUPER_BYTES + 5] ^= 1;
    TransferResult result = transfer("one o'clock", COMPARED);
    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.sentBytes()).isEqualTo(LEAF_BYTES);
    assertEqual();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whoeverWritesTheFileOtherwiseIsNoticed() throws Exception {
    SparseFile.create(folder.resolve("disk.img"), CAPACITY);
    transfer("noon", UNKNOWN);
    flip("disk", 77);
    TransferResult result = transfer("one o'clock", COMPARED);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.reason())
        .isEqualTo(
            "nobody knows, and the disk was written or reverted since its digests were stored");
    assertThat(result.coveredBytes()).isEqualTo(LEAF_BYTES);
    assertEqual();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anotherFileOfTheSameNameIsNotTakenForTheFirst() throws Exception {
    SparseFile.create(folder.resolve("disk.img"), CAPACITY);
    transfer("noon", UNKNOWN);
    SparseFile.create(folder.resolve("other.img"), CAPACITY);
    Files.move(
        folder.resolve("other.img"),
        folder.resolve("disk.img"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(transfer("one o'clock", COMPARED).rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertEqual();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void nobodyElseMayReadTheKeys() throws Exception {
    SparseFile.create(folder.resolve("disk.img"), CAPACITY);
    transfer("noon", UNKNOWN);
    for (String file : new String[] {TagMapFile.FILE, TagMapFile.WORTH, JournalFile.FILE}) {
      assertThat(Files.getPosixFilePermissions(folder.resolve("disk.state").resolve(file)))
          .as(file)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  private TransferResult transfer(String moment, ChangedAreas changes) throws Exception {
    try (DiskSource source = source();
        DiskSink sink = sink("disk", "production at " + moment)) {
      return new Transfer(source, sink, changes, TransferObserver.NONE).run();
    }
  }

  private DiskSource source() throws IOException {
    Path image = folder.resolve("production.img");
    Files.write(image, content);
    return new DyingSource(new FileDiskSource(image));
  }

  private void assertEqual() throws IOException {
    try (DiskSource look = new FileDiskSource(folder.resolve("disk.img"))) {
      assertSameBytes(readAll(look), content);
    }
  }

  private void flip(String disk, long offsetBytes) throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve(disk + ".img").toFile(), "rw")) {
      file.seek(offsetBytes);
      int now = file.read();
      file.seek(offsetBytes);
      file.write(~now);
    }
  }

  /** Counts what is copied, and dies after so much. */
  private final class DyingSource extends ForwardingSource {
    DyingSource(DiskSource source) {
      super(source);
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      if (leftBytes.addAndGet(-into.remaining()) < 0) {
        throw new IOException("died");
      }
      readBytes.addAndGet(into.remaining());
      super.read(offsetBytes, into);
    }
  }
}
