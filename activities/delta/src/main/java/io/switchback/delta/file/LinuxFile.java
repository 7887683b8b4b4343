package io.switchback.delta.file;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskInUseException;
import io.switchback.delta.FullDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The system calls that the JDK does not have: find data, find a hole, punch a hole, take a file or
 * a device for oneself. Each call stands for itself, so several threads may share one descriptor.
 */
final class LinuxFile implements AutoCloseable {
  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_EXCL = 0x80;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_DIRECT =
      System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;
  private static final long CACHESTAT = 451;
  private static final int LOCK_EX_NB = 2 | 4;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int KEEP_SIZE_AND_PUNCH_HOLE = 3;
  private static final int ENXIO = 6;
  private static final int EINVAL = 22;
  private static final int EWOULDBLOCK = 11;
  private static final int EBUSY = 16;
  private static final int EOPNOTSUPP = 95;

  /** The system, the file system or the file does not have the call. */
  static final long NOT_POSSIBLE = -1;

  private final int descriptor;
  private final Path path;

  private LinuxFile(int descriptor, Path path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /** Whether these calls exist here: Linux with 64-bit file offsets. */
  static boolean isSupported() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")
        && ValueLayout.ADDRESS.byteSize() == 8;
  }

  static LinuxFile openForReading(Path path) throws IOException {
    return open(path, O_RDONLY);
  }

  /**
   * Opens a file for the only writer it may have at a time: it stays locked until it is closed, or
   * the process is gone.
   *
   * @throws DiskInUseException if another writer has it
   */
  static LinuxFile openFile(Path path) throws IOException {
    LinuxFile file = open(path, O_RDWR);
    try {
      file.lock();
      return file;
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  /**
   * Opens a block device that is not mounted and that nobody else has opened for himself.
   *
   * @throws DiskInUseException if it is, or somebody has
   */
  static LinuxFile openDevice(Path path) throws IOException {
    return open(path, O_RDWR | O_EXCL);
  }

  /** Past the page cache; empty where the file system cannot. */
  static Optional<LinuxFile> openDirect(Path path) throws IOException {
    return tryToOpen(path, O_RDONLY | O_DIRECT);
  }

  private static LinuxFile open(Path path, int flags) throws IOException {
    return tryToOpen(path, flags)
        .orElseThrow(() -> new IOException("Could not open '" + path + "' in that way."));
  }

  private static Optional<LinuxFile> tryToOpen(Path path, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(LinuxCalls.STATE);
      int descriptor =
          (int)
              LinuxCalls.OPEN.invokeExact(
                  state, arena.allocateFrom(path.toString()), flags | O_CLOEXEC);
      if (descriptor < 0 && errno(state) == EINVAL) {
        return Optional.empty();
      }
      if (descriptor < 0) {
        throw errno(state) == EBUSY ? inUse(path) : failed("open", path, state);
      }
      return Optional.of(new LinuxFile(descriptor, path));
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  private void lock() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(LinuxCalls.STATE);
      int answer = (int) LinuxCalls.FLOCK.invokeExact(state, descriptor, LOCK_EX_NB);
      if (answer != 0) {
        throw errno(state) == EWOULDBLOCK ? inUse(path) : failed("lock", path, state);
      }
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  static DiskInUseException inUse(Path path) {
    return new DiskInUseException(
        "Could not write to '"
            + path
            + "': it is in use by another transfer, another program or a mount. "
            + "Find who has it (fuser, findmnt) and end that, then retry.");
  }

  /** Position of the first data at or after {@code fromBytes}, or -1 when only holes follow. */
  long nextData(long fromBytes) throws IOException {
    return seek(fromBytes, SEEK_DATA);
  }

  /**
   * Position of the first hole at or after {@code fromBytes}; the end of the file counts as one.
   */
  long nextHole(long fromBytes) throws IOException {
    return seek(fromBytes, SEEK_HOLE);
  }

  /**
   * How many pages of {@code range} the page cache holds; {@link #NOT_POSSIBLE} where the system
   * does not tell, as before Linux 6.5.
   */
  long cachedPages(long offsetBytes, long lengthBytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(LinuxCalls.STATE);
      MemorySegment range = arena.allocate(ValueLayout.JAVA_LONG, 2);
      range.setAtIndex(ValueLayout.JAVA_LONG, 0, offsetBytes);
      range.setAtIndex(ValueLayout.JAVA_LONG, 1, lengthBytes);
      MemorySegment counts = arena.allocate(ValueLayout.JAVA_LONG, 5);
      long answer =
          (long) LinuxCalls.SYSCALL.invokeExact(state, CACHESTAT, descriptor, range, counts, 0);
      return answer == 0 ? counts.getAtIndex(ValueLayout.JAVA_LONG, 0) : NOT_POSSIBLE;
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  /**
   * Reads into memory outside the heap.
   *
   * @return bytes read, 0 at the end of the file, or {@link #NOT_POSSIBLE}
   */
  long read(long offsetBytes, MemorySegment into) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(LinuxCalls.STATE);
      long count =
          (long)
              LinuxCalls.PREAD.invokeExact(state, descriptor, into, into.byteSize(), offsetBytes);
      if (count < 0 && errno(state) != EINVAL) {
        throw failed("read", path, state);
      }
      return count < 0 ? NOT_POSSIBLE : count;
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  /**
   * Reads what the page cache holds straight into memory of the heap. The garbage collector waits
   * meanwhile, so it is for nothing that the device would have to be asked for.
   *
   * @return bytes read, or 0 where they have to be read in another way, which tells why
   */
  long readCached(long offsetBytes, MemorySegment heap) throws IOException {
    try {
      return Math.max(
          0,
          (long)
              LinuxCalls.PREAD_CACHED.invokeExact(descriptor, heap, heap.byteSize(), offsetBytes));
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  private long seek(long fromBytes, int whence) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(LinuxCalls.STATE);
      long position = (long) LinuxCalls.LSEEK.invokeExact(state, descriptor, fromBytes, whence);
      if (position < 0 && errno(state) != ENXIO) {
        throw failed("find holes in", path, state);
      }
      return position < 0 ? -1 : position;
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  /**
   * Makes {@code range} a hole. Answers false where the file system or the device has no holes;
   * nothing changed then.
   */
  boolean punch(ByteRange range) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(LinuxCalls.STATE);
      int answer =
          (int)
              LinuxCalls.FALLOCATE.invokeExact(
                  state,
                  descriptor,
                  KEEP_SIZE_AND_PUNCH_HOLE,
                  range.offsetBytes(),
                  range.lengthBytes());
      if (answer != 0 && errno(state) != EOPNOTSUPP) {
        throw failed("punch a hole into", path, state);
      }
      return answer == 0;
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      int _ = (int) LinuxCalls.CLOSE.invokeExact(descriptor);
    } catch (Throwable thrown) {
      throw asIoException(thrown);
    }
  }

  private static int errno(MemorySegment state) {
    return (int) LinuxCalls.ERRNO.get(state, 0L);
  }

  private static IOException failed(String what, Path path, MemorySegment state) {
    IOException failed =
        new IOException(
            "Could not "
                + what
                + " '"
                + path
                + "': the system answered error "
                + errno(state)
                + ".");
    return FullDisk.isMeantBy(errno(state)) ? FullDisk.of(path, failed) : failed;
  }

  private static IOException asIoException(Throwable thrown) {
    return switch (thrown) {
      case IOException io -> io;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      default -> new IOException(thrown);
    };
  }
}
