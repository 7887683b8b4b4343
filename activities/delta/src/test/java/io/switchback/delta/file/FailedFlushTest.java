package io.switchback.delta.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.switchback.delta.DiskFullException;
import io.switchback.delta.FailingChannel;
import io.switchback.delta.Flushes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that could not write everything out. */
class FailedFlushTest {
  private static final int SIZE = 1 << 20;

  @TempDir Path folder;
  private Path path;
  private FailingChannel channel;

  @BeforeEach
  void make() throws IOException {
    path = Files.write(folder.resolve("disk.img"), new byte[SIZE]);
    channel =
        new FailingChannel(
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Test
  void failsUntilTheFileIsOpenedAgain() throws Exception {
    try (SparseFile file = SparseFile.over(path, channel)) {
      file.write(0, ByteBuffer.allocate(4096));
      channel.failOneFlush();
      assertThatIOException().isThrownBy(file::force).withMessage("Input/output error");

      assertThatIOException().isThrownBy(file::force).withMessageContaining("may be lost");
    }
    try (SparseFile again = SparseFile.openForWriting(path)) {
      again.force();
    }
  }

  @Test
  void whoOpensTheFileAgainReadsWhatTheDeviceHolds() throws Exception {
    try (LinuxFile linux = LinuxFile.openForReading(path)) {
      channel.force(false);
      assumeThat(linux.cachedPages(0, SIZE)).as("pages in memory").isPositive();

      Flushes flushes = Flushes.of(path);
      channel.failOneFlush();
      assertThatIOException().isThrownBy(() -> flushes.flush(() -> channel.force(false)));

      assertThat(linux.cachedPages(0, SIZE)).isZero();
    }
  }

  @Test
  void aFullDiskIsKnownInEveryLanguageThatIsUnderstood() throws Exception {
    try (SparseFile file = SparseFile.over(path, channel)) {
      channel.failWrites("No space left on device");
      assertThatExceptionOfType(DiskFullException.class)
          .isThrownBy(() -> file.write(0, ByteBuffer.allocate(512)));
      channel.failWrites("Input/output error");
      assertThatIOException()
          .isThrownBy(() -> file.write(0, ByteBuffer.allocate(512)))
          .isNotInstanceOf(DiskFullException.class);
    }
  }
}
