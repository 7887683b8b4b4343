package io.switchback.worker.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * The official release of the Temporal CLI, as its project publishes it: an archive per platform
 * and one file with the checksum of each.
 */
final class TemporalRelease {
  /** Where the project publishes its releases. */
  static final URI OFFICIAL = URI.create("https://github.com/temporalio/cli/releases/download/");

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ARCHIVE_LIMIT = Duration.ofMinutes(10);
  private static final Duration CHECKSUMS_LIMIT = Duration.ofSeconds(20);

  private final URI releases;
  private final String version;
  private final Consumer<String> notices;

  TemporalRelease(URI releases, String version, Consumer<String> notices) {
    this.releases = releases;
    this.version = version;
    this.notices = notices;
  }

  /**
   * Downloads the release for this machine and puts its binary at {@code binary} in one rename.
   *
   * @throws IOException if it cannot be reached
   * @throws Refusal if what came is not what the project published
   */
  void installTo(Path binary) throws IOException {
    String archive =
        "temporal_cli_%s_%s_%s.tar.gz".formatted(version, operatingSystem(), architecture());
    URI folder = releases.resolve("v" + version + "/");
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      String checksums =
          new String(
              get(client, folder.resolve("checksums.txt"), CHECKSUMS_LIMIT),
              StandardCharsets.UTF_8);
      String expected =
          checksumOf(archive, checksums)
              .orElseThrow(() -> new IOException("the release has no archive called " + archive));
      notices.accept("Downloading the Temporal CLI %s (%s).".formatted(version, archive));
      byte[] bytes = get(client, folder.resolve(archive), ARCHIVE_LIMIT);
      String actual = PinnedTemporal.sha256(bytes);
      if (!actual.equals(expected)) {
        throw new Refusal(
            ExitCode.UNREACHABLE,
            ("The downloaded %s has the checksum %s, but %s says %s. It was not installed. Find out"
                    + " who changed it on the way, or give a binary you trust on the PATH.")
                .formatted(archive, actual, folder.resolve("checksums.txt"), expected));
      }
      unpack(bytes, binary);
    }
  }

  private static byte[] get(HttpClient client, URI address, Duration limit) throws IOException {
    try {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(address).timeout(limit).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException("%s answered %d".formatted(address, response.statusCode()));
      }
      return response.body();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading " + address, interrupted);
    }
  }

  private static Optional<String> checksumOf(String archive, String checksums) {
    return checksums
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length == 2 && fields[1].equals(archive))
        .map(fields -> fields[0].toLowerCase(Locale.ROOT))
        .findFirst();
  }

  private static void unpack(byte[] archive, Path binary) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GzipCompressorInputStream(new java.io.ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && entry.getName().equals("temporal")) {
          install(tar, binary);
          return;
        }
      }
    }
    throw new IOException("the archive holds no file called temporal");
  }

  private static void install(InputStream content, Path binary) throws IOException {
    Files.createDirectories(binary.getParent());
    Path part = Files.createTempFile(binary.getParent(), "temporal", ".part");
    try {
      Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
      if (!part.toFile().setExecutable(true, true)) {
        throw new IOException("could not make " + part + " executable");
      }
      Files.move(part, binary, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  static String operatingSystem() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "darwin" : name.split(" ")[0];
  }

  static String architecture() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> name;
    };
  }
}
