package io.switchback.worker.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code services.json} of a home. Readers see the old content or the new one, never a part; updates by
 * several processes at once follow each other.
 */
public final class ServicesFile {
  // A file lock belongs to the whole JVM, so threads of one JVM need a lock of their own.
  private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

  // Lenient about unknown keys: an older program may read what a newer one wrote.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path file;

  public ServicesFile(Path file) {
    this.file = file;
  }

  /**
   * The content now; nothing at all when the file does not exist.
   *
   * @throws Refusal if the file is there but cannot be read
   */
  public Services read() {
    try {
      return Files.exists(file)
          ? JSON.readValue(Files.readString(file), Services.class)
          : Services.none();
    } catch (IOException | JacksonException failure) {
      throw new Refusal(
          ExitCode.USAGE,
          "Could not read '%s': %s. Stop what was started from this home, then remove the file."
              .formatted(file, failure.getMessage()),
          failure);
    }
  }

  /** Replaces the content by what {@code change} makes of it, and answers the new content. */
  public Services update(UnaryOperator<Services> change) {
    IN_THIS_JVM.lock();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel lock =
              FileChannel.open(
                  file.resolveSibling(file.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var held = lock.lock()) {
        Services changed = change.apply(read());
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, JSON.writeValueAsString(changed) + System.lineSeparator());
        Files.move(
            whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return changed;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not write " + file, failure);
    } finally {
      IN_THIS_JVM.unlock();
    }
  }
}
