package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The program HAProxy on this machine. */
final class Haproxy {
  private static final int LONGEST_CHECK_SECONDS = 60;

  private Haproxy() {}

  /**
   * Where it is.
   *
   * @throws FaultException NOT_CONFIGURED if it is not installed
   */
  static Path program() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "") + ":/usr/sbin";
    return List.of(path.split(":")).stream()
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "haproxy"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.NOT_CONFIGURED,
                    "Could not find the program 'haproxy'. Install it (Debian: apt-get install haproxy), then try again."));
  }

  /**
   * Has it read a configuration with all its files.
   *
   * @throws FaultException INVALID_INPUT with what it said, if it would not start with that
   */
  static void check(Path configuration) {
    try {
      Process process =
          new ProcessBuilder(program().toString(), "-c", "-f", configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(
                  configuration.resolveSibling(configuration.getFileName() + ".checked").toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(LONGEST_CHECK_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw refused(configuration, "it did not end within %d s".formatted(LONGEST_CHECK_SECONDS));
      }
      if (process.exitValue() != 0) {
        throw refused(configuration, said(configuration));
      }
    } catch (IOException failure) {
      throw refused(configuration, failure.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw refused(configuration, "this thread was interrupted");
    }
  }

  private static String said(Path configuration) throws IOException {
    Path file = configuration.resolveSibling(configuration.getFileName() + ".checked");
    return Files.readString(file, UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("[ALERT]"))
        .collect(Collectors.joining("; "));
  }

  private static FaultException refused(Path configuration, String why) {
    return new FaultException(
        Fault.INVALID_INPUT,
        "Nothing was changed, because HAProxy would not start with '%s': %s."
            .formatted(configuration, why));
  }
}
