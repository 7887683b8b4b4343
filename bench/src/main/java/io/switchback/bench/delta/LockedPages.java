package io.switchback.bench.delta;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * Keeps files in the page cache until it is closed. A machine that gives back what nobody has used
 * for half a minute would make a warm row a cold one; which rows, nobody could tell.
 */
final class LockedPages implements AutoCloseable {
  private static final MethodHandle MLOCK = mlock();

  private final Arena arena = Arena.ofShared();

  private static MethodHandle mlock() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("mlock"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  }

  /**
   * Reads all of the files, too.
   *
   * @throws IOException where the system does not allow to lock so much memory
   */
  static LockedPages of(Path... files) throws IOException {
    LockedPages locked = new LockedPages();
    try {
      for (Path file : files) {
        locked.add(file);
      }
      return locked;
    } catch (IOException failed) {
      locked.close();
      throw failed;
    }
  }

  /** Keeps nothing. */
  static LockedPages none() {
    return new LockedPages();
  }

  private void add(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment all = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      if (lock(all) != 0) {
        throw new IOException(
            "could not lock %d MiB in memory: see ulimit -l".formatted(all.byteSize() >> 20));
      }
    }
  }

  private static int lock(MemorySegment all) {
    try {
      return (int) MLOCK.invokeExact(all, all.byteSize());
    } catch (Throwable neverThrown) {
      throw new AssertionError(neverThrown);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
