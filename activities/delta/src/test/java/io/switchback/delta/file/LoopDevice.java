package io.switchback.delta.file;

import io.switchback.delta.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real block device over a file. */
final class LoopDevice implements AutoCloseable {
  private final Path losetup;
  private final Path backing;
  private final Path device;

  private LoopDevice(Path losetup, Path backing, Path device) {
    this.losetup = losetup;
    this.backing = backing;
    this.device = device;
  }

  /** Makes a device of {@code sizeBytes}, a multiple of 512, which holds nothing but zeros. */
  static LoopDevice create(Path folder, long sizeBytes) throws Exception {
    Requires.root();
    Path losetup = Requires.tool("losetup");
    Path backing = Files.createTempFile(folder, "device", ".img");
    resize(backing, sizeBytes);
    Requires.Ended made =
        Requires.run(List.of(losetup.toString(), "--find", "--show", backing.toString()));
    if (made.exitCode() != 0) {
      Requires.missing("there is no loop device (" + made.printed() + ")");
    }
    return new LoopDevice(losetup, backing, Path.of(made.printed()));
  }

  Path path() {
    return device;
  }

  /** Takes the end away under the device, which does not know: what lies there is unreadable. */
  void loseFrom(long offsetBytes) throws IOException {
    resize(backing, offsetBytes);
  }

  void shrinkTo(long sizeBytes) throws Exception {
    resize(backing, sizeBytes);
    losetup("--set-capacity", device.toString());
  }

  /** What the device takes of the place that it lies in. */
  long allocatedBytes() throws IOException {
    try (SparseFile file = SparseFile.openForReading(backing)) {
      return file.data(new io.switchback.delta.ByteRange(0, file.sizeBytes())).stream()
          .mapToLong(io.switchback.delta.ByteRange::lengthBytes)
          .sum();
    }
  }

  private static void resize(Path file, long sizeBytes) throws IOException {
    try (var open = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(sizeBytes);
    }
  }

  private void losetup(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(losetup.toString()));
    command.addAll(List.of(arguments));
    Requires.Ended ended = Requires.run(command);
    if (ended.exitCode() != 0) {
      throw new IOException(ended.printed());
    }
  }

  @Override
  public void close() throws Exception {
    losetup("--detach", device.toString());
    Files.deleteIfExists(backing);
  }
}
