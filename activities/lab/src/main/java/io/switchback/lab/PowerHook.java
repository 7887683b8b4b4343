package io.switchback.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that hears of every change of a VM's power, so that something outside of the site, such
 * as a network, goes on and off with the VM.
 */
final class PowerHook {
  private static final Logger LOG = LoggerFactory.getLogger(PowerHook.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MOST_WORDS = 500;

  private final String command;

  /**
   * @param command for a shell, which adds {@code on} or {@code off} and the name of the VM; empty
   *     for none
   */
  PowerHook(String command) {
    this.command = command;
  }

  /**
   * Runs the command to its end.
   *
   * @throws LabException INTERNAL with what it said, when it ended with another code than 0 or not
   *     within a minute
   */
  void tell(PowerState now, String vm) {
    if (command.isEmpty()) {
      return;
    }
    String state = now.name().toLowerCase(Locale.ROOT);
    String problem = run(state, vm);
    if (!problem.isEmpty()) {
      throw new LabException(
          LabFault.INTERNAL,
          "The site's command for changes of power, '%s', was told '%s %s', and %s"
              .formatted(command, state, vm, problem));
    }
  }

  /** The same where nobody waits for an answer: a problem is logged. */
  void tellAnyway(PowerState now, String vm) {
    try {
      tell(now, vm);
    } catch (LabException failed) {
      LOG.error("power change not told vm={} power={}: {}", vm, now, failed.getMessage());
    }
  }

  private String run(String state, String vm) {
    @Nullable Path said = null;
    try {
      // Into a file: what the command leaves running may keep a pipe open for ever.
      said = Files.createTempFile("on-power", ".log");
      ProcessBuilder builder =
          new ProcessBuilder("/bin/sh", "-c", command + " \"$@\"", "sh", state, vm)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile());
      builder
          .environment()
          .put("JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")));
      Process process = builder.start();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return "had not ended after %d s.".formatted(LIMIT.toSeconds());
      }
      return process.exitValue() == 0
          ? ""
          : "ended with exit code %d: %s".formatted(process.exitValue(), words(said));
    } catch (IOException failed) {
      return "could not be run: %s.".formatted(failed.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "was interrupted.";
    } finally {
      forget(said);
    }
  }

  private static String words(Path said) throws IOException {
    String all = new String(Files.readAllBytes(said), UTF_8).strip();
    return all.isEmpty()
        ? "it said nothing."
        : all.substring(Math.max(0, all.length() - MOST_WORDS));
  }

  private static void forget(@Nullable Path said) {
    try {
      if (said != null) {
        Files.deleteIfExists(said);
      }
    } catch (IOException stays) {
      LOG.debug("temporary file stays file={}", said, stays);
    }
  }
}
