package io.switchback.worker.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code services.json} of a home. Readers see the old content or the new one, never a part;
 * updates by several processes at once follow each other. Readable by its owner only: it holds the
 * password of the embedded database.
 */
public final class ServicesFile {
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
    return Exclusively.with(
        file.resolveSibling(file.getFileName() + ".lock"),
        () -> {
          Services changed = change.apply(read());
          replace(changed);
          return changed;
        });
  }

  private void replace(Services services) {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(whole);
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        var owner = PosixFilePermissions.fromString("rw-------");
        Files.createFile(whole, PosixFilePermissions.asFileAttribute(owner));
      }
      Files.writeString(whole, JSON.writeValueAsString(services) + System.lineSeparator());
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not write " + file, failure);
    }
  }
}
