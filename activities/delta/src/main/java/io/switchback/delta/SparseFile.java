package io.switchback.delta;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of fixed size whose holes can be seen and made. May be used by several threads at once.
 *
 * <p>Where the platform or the file system has no holes, the whole file counts as data and zeros
 * are written.
 */
public final class SparseFile implements Closeable {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1024 * 1024).asReadOnlyBuffer();

  private final Path path;
  private final FileChannel channel;
  private final @Nullable LinuxFile holes;
  private final long sizeBytes;

  private SparseFile(Path path, boolean writable) throws IOException {
    this.path = path;
    this.channel =
        writable
            ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(path, StandardOpenOption.READ);
    try {
      this.sizeBytes = channel.size();
      this.holes = LinuxFile.isSupported() ? LinuxFile.open(path, writable) : null;
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  /** Makes a new file that is one hole of {@code sizeBytes}. Fails when the file exists. */
  public static void create(Path path, long sizeBytes) throws IOException {
    Files.createFile(path);
    // The size is set by a truncation upwards, which takes no space; FileChannel has no call for
    // it.
    try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(sizeBytes);
    }
  }

  public static SparseFile openForReading(Path path) throws IOException {
    return new SparseFile(path, false);
  }

  public static SparseFile openForWriting(Path path) throws IOException {
    return new SparseFile(path, true);
  }

  public Path path() {
    return path;
  }

  /** Size of the file when it was opened, in bytes. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Fills {@code into}, from its position to its limit, with the bytes from {@code offsetBytes} on.
   */
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    checkInside(offsetBytes, into.remaining());
    long positionBytes = offsetBytes;
    while (into.hasRemaining()) {
      int count = channel.read(into, positionBytes);
      if (count < 0) {
        throw new EOFException("'" + path + "' became shorter than " + sizeBytes + " bytes.");
      }
      positionBytes += count;
    }
  }

  /**
   * Writes {@code from}, from its position to its limit, at {@code offsetBytes}. Its position
   * stays.
   */
  public void write(long offsetBytes, ByteBuffer from) throws IOException {
    checkInside(offsetBytes, from.remaining());
    ByteBuffer rest = from.duplicate();
    long positionBytes = offsetBytes;
    try {
      while (rest.hasRemaining()) {
        positionBytes += channel.write(rest, positionBytes);
      }
    } catch (IOException failed) {
      throw namingFullDisk(failed);
    }
  }

  /** Makes {@code range} read as zeros and gives its space back where that is possible. */
  public void zero(ByteRange range) throws IOException {
    checkInside(range.offsetBytes(), range.lengthBytes());
    if (holes != null && holes.punch(range)) {
      return;
    }
    for (long at = range.offsetBytes(); at < range.endBytes(); at += ZEROS.capacity()) {
      int length = (int) Math.min(ZEROS.capacity(), range.endBytes() - at);
      write(at, ZEROS.slice(0, length));
    }
  }

  /** The parts of {@code within} that are not holes, ascending and apart from each other. */
  public List<ByteRange> data(ByteRange within) throws IOException {
    checkInside(within.offsetBytes(), within.lengthBytes());
    if (holes == null) {
      return List.of(within);
    }
    List<ByteRange> found = new ArrayList<>();
    long start = holes.nextData(within.offsetBytes());
    while (start >= 0 && start < within.endBytes()) {
      long end = Math.min(holes.nextHole(start), within.endBytes());
      // Somebody may punch a hole between the two calls.
      if (end > start) {
        found.add(ByteRange.between(start, end));
      }
      start = end < within.endBytes() ? holes.nextData(Math.max(end, start + 1)) : -1;
    }
    return found;
  }

  /** Makes everything written so far survive a crash of the machine. */
  public void force() throws IOException {
    try {
      channel.force(false);
    } catch (IOException failed) {
      throw namingFullDisk(failed);
    }
  }

  @Override
  public void close() throws IOException {
    try (FileChannel closing = channel) {
      if (holes != null && closing.isOpen()) {
        holes.close();
      }
    }
  }

  private void checkInside(long offsetBytes, long lengthBytes) {
    if (offsetBytes < 0 || lengthBytes > sizeBytes - offsetBytes) {
      throw new IllegalArgumentException(
          "Bytes "
              + offsetBytes
              + " to "
              + (offsetBytes + lengthBytes)
              + " are not all inside a disk of "
              + sizeBytes
              + " bytes.");
    }
  }

  private IOException namingFullDisk(IOException failed) {
    String message = failed.getMessage();
    return message != null && message.contains("No space left on device")
        ? new DiskFullException(
            "Could not write to '" + path + "': no space is left. Make room, then retry.", failed)
        : failed;
  }
}
