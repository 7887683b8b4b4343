package io.switchback.delta.file;

import static io.switchback.delta.Geometry.SUPER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskFullException;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Requires;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system without room for all of a disk. */
@Tag("process")
class FullFileSystemIT {
  private static final int SUPERS = 6;
  private static final long ROOM_BYTES = 128L * 1024 * 1024;

  /** With it there is room for less than four supers. */
  private static final long BALLAST_BYTES = 60L * 1024 * 1024;

  @TempDir Path folder;
  private LoopDevice device;
  private Path mounted;
  private Path source;
  private Path sink;

  @BeforeEach
  void mount() throws Exception {
    Path mkfs = Requires.tool("mkfs.ext4");
    Path mount = Requires.tool("mount");
    device = LoopDevice.create(folder, ROOM_BYTES);
    mounted = Files.createDirectory(folder.resolve("mounted"));
    run(mkfs.toString(), "-q", device.path().toString());
    run(mount.toString(), device.path().toString(), mounted.toString());
    source = folder.resolve("source");
    sink = mounted.resolve("sink");
    byte[] content = new byte[SUPERS * SUPER_BYTES];
    new Random(1).nextBytes(content);
    Files.write(source, content);
    try (RandomAccessFile file = new RandomAccessFile(sink.toFile(), "rw")) {
      file.setLength(content.length);
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted != null) {
      run(Requires.tool("umount").toString(), mounted.toString());
    }
    if (device != null) {
      device.close();
    }
  }

  private static void run(String... command) throws Exception {
    Requires.Ended ended = Requires.run(List.of(command));
    if (ended.exitCode() != 0) {
      throw new IOException(ended.printed());
    }
  }

  @Test
  void goesOnOnceThereIsRoom() throws Exception {
    Path ballast = mounted.resolve("ballast");
    Files.write(ballast, new byte[Math.toIntExact(BALLAST_BYTES)]);
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(this::transfer);

    Files.delete(ballast);
    TransferResult result = transfer();

    assertThat(Files.mismatch(source, sink)).isEqualTo(-1);
    assertThat(result.readBytes()).isBetween(1L, (long) (SUPERS - 1) * SUPER_BYTES);
  }

  private TransferResult transfer() throws Exception {
    try (FileDiskSource from = new FileDiskSource(source);
        FileDiskSink to =
            new FileDiskSink(sink, FenceCheck.UNFENCED, mounted.resolve("state"), "snapshot-1")) {
      return new Transfer(
              from, to, new ChangedAreas.Unknown("it is the first"), TransferObserver.NONE)
          .run();
    }
  }
}
