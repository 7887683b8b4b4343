package io.switchback.worker.local;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, unpacked once from the program's own jars into the cache. */
final class PostgresBinaries {
  private static final int DIGEST_LENGTH = 16;
  private static final int EXECUTE_BITS = 0111;

  private PostgresBinaries() {}

  /**
   * The directory that holds {@code bin/}, {@code lib/} and {@code share/}. If two processes unpack
   * at once, both end with a whole one.
   *
   * @throws Refusal if there are none for this platform
   */
  static Path in(Cache cache) {
    byte[] archive = archive();
    String digest = PinnedTemporal.sha256(archive).substring(0, DIGEST_LENGTH);
    Path directory = cache.directory().resolve(Path.of("postgres", digest));
    if (Files.isDirectory(directory)) {
      return directory;
    }
    return Exclusively.with(
        cache.directory().resolve("postgres.lock"),
        () -> {
          if (!Files.isDirectory(directory)) {
            unpack(archive, directory);
          }
          return directory;
        });
  }

  private static byte[] archive() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String platform =
        system.startsWith("mac") ? "Darwin" : system.startsWith("windows") ? "Windows" : "Linux";
    String hardware = ArchUtils.normalize(System.getProperty("os.arch"));
    try (InputStream in = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(platform, hardware)) {
      return in.readAllBytes();
    } catch (IOException | IllegalStateException missing) {
      throw Refusal.unreachable(
          "There is no embedded PostgreSQL for %s on %s. Give the JDBC URL of a PostgreSQL with --registry."
              .formatted(platform, hardware),
          missing);
    }
  }

  private static void unpack(byte[] archive, Path directory) {
    Path part = directory.resolveSibling(directory.getFileName() + ".part");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
      delete(part);
      Files.createDirectories(part);
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpackEntry(tar, entry, part);
      }
      Files.move(part, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw Refusal.unreachable(
          "Could not unpack PostgreSQL into '%s': %s. Make room there or set XDG_CACHE_HOME."
              .formatted(directory, Failures.sentence(failure)),
          failure);
    }
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
      throws IOException {
    Path target = root.resolve(entry.getName()).normalize();
    if (!target.startsWith(root)) {
      throw new IOException("the archive names a path outside itself: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(target, root.resolve(entry.getLinkName()));
    } else {
      Files.copy(tar, target);
      if ((entry.getMode() & EXECUTE_BITS) != 0 && !target.toFile().setExecutable(true, false)) {
        throw new IOException("could not make " + target + " executable");
      }
    }
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
