package io.switchback.worker.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One at a time among all threads and processes of this machine. A lock ends with its process. */
final class Exclusively {
  // A file lock belongs to the whole JVM, so threads of one JVM need a lock of their own.
  private static final Map<Path, ReentrantLock> IN_THIS_JVM = new ConcurrentHashMap<>();

  private Exclusively() {}

  /** Runs {@code action} while nobody else holds {@code file}. Not to be nested on one file. */
  static <T> T with(Path file, Supplier<T> action) {
    Path key = file.toAbsolutePath().normalize();
    ReentrantLock own = IN_THIS_JVM.computeIfAbsent(key, _ -> new ReentrantLock());
    own.lock();
    try {
      Files.createDirectories(key.getParent());
      try (FileChannel channel =
              FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var held = channel.lock()) {
        return action.get();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not lock " + key, failure);
    } finally {
      own.unlock();
    }
  }
}
