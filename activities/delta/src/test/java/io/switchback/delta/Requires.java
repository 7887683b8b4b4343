package io.switchback.delta;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. Where it is missing the test is skipped with a sentence that
 * names it; with {@code CI=true} that is a failure, because there a skip would look like a pass.
 */
public final class Requires {
  private Requires() {}

  /** The program called {@code name}, in one of the places where systems keep programs. */
  public static Path tool(String name) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "") + ":/usr/sbin:/sbin";
    return List.of(path.split(":")).stream()
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> missing("'%s' is not on the PATH".formatted(name)));
  }

  /** Root's rights, without which no block device can be made. */
  public static void root() {
    if (!"root".equals(System.getProperty("user.name"))) {
      missing("only root can make block devices");
    }
  }

  /** Says that something is missing, which ends the test. */
  public static Path missing(String sentence) {
    if ("true".equals(System.getenv("CI"))) {
      return Assertions.fail("This test cannot run: " + sentence + ".");
    }
    Assumptions.abort("Skipped: " + sentence + ".");
    throw new IllegalStateException("not reached");
  }

  /** Runs a program to its end and answers what it printed, errors included. */
  public static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new Ended(process.waitFor(), printed);
  }

  /** How a program ended. */
  public record Ended(int exitCode, String printed) {}
}
