package io.switchback.delta.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Small files that only their owner may read: written whole or not at all, one writer at a time.
 */
public final class OwnFiles {
  // A file lock belongs to the whole JVM, so threads of one JVM need a lock of their own.
  private static final Map<Path, ReentrantLock> IN_THIS_JVM = new ConcurrentHashMap<>();
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private OwnFiles() {}

  /** Something that is done while the lock is held. */
  @FunctionalInterface
  public interface Action<T> {
    T run() throws IOException;
  }

  /**
   * Runs {@code action} while nobody else on this machine holds {@code folder}, which is made when
   * it is not there. Not to be nested.
   */
  public static <T> T exclusively(Path folder, Action<T> action) throws IOException {
    Path key = folder.toAbsolutePath().normalize();
    ReentrantLock own = IN_THIS_JVM.computeIfAbsent(key, _ -> new ReentrantLock());
    own.lock();
    try {
      folder(key);
      try (FileChannel channel =
              FileChannel.open(
                  key.resolve("lock"),
                  EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                  OWNER_FILE);
          var held = channel.lock()) {
        return action.run();
      }
    } finally {
      own.unlock();
    }
  }

  /** Makes {@code folder} for its owner alone. If it is there already, does nothing. */
  public static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, OWNER_FOLDER);
    }
  }

  /**
   * Puts {@code text} in place of what {@code file} held. After it returned, a machine that dies
   * keeps the new text; before, it keeps the old one or the new one. Whoever calls holds the lock
   * of the folder.
   */
  public static void replace(Path file, String text) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(whole);
    try (FileChannel out =
        FileChannel.open(
            whole,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_FILE)) {
      ByteBuffer bytes = UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }
}
