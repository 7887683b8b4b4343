package io.switchback.worker.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Temporal CLI that {@code docker/lab} pins. Its module files travel inside the program, so
 * that it can be built from anywhere; they are the ones of the source tree, packed by the build.
 */
final class PinnedTemporal {
  private static final List<String> FILES = List.of("go.mod", "go.sum", "install");
  private static final Pattern VERSION =
      Pattern.compile("(?m)^\\s*github\\.com/temporalio/cli v(\\S+)");
  private static final int DIGEST_LENGTH = 16;

  private PinnedTemporal() {}

  /** The pinned version, without a leading {@code v}. */
  static String version() {
    Matcher matcher = VERSION.matcher(new String(resource("go.mod"), StandardCharsets.UTF_8));
    if (!matcher.find()) {
      throw new IllegalStateException("go.mod names no version of the Temporal CLI");
    }
    return matcher.group(1);
  }

  /** The binary's place in the cache. {@code docker/lab/install} computes the same one. */
  static Path binary(Cache cache) {
    String digest = sha256(resource("go.sum")).substring(0, DIGEST_LENGTH);
    return cache.directory().resolve(Path.of("temporal", digest, "temporal"));
  }

  /** Writes the module's files into {@code directory} and answers the script that builds it. */
  static Path unpack(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : FILES) {
      // Through a rename, because another process may run the script just now.
      Path part = Files.createTempFile(directory, name, ".part");
      Files.write(part, resource(name));
      Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
    return directory.resolve("install");
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] resource(String name) {
    String path = "/docker/lab/" + name;
    try (InputStream in =
        Objects.requireNonNull(PinnedTemporal.class.getResourceAsStream(path), path)) {
      return in.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
