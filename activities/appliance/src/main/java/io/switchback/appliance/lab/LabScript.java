package io.switchback.appliance.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One network lab of this machine, by the script that builds it. Nothing is built by making this.
 *
 * @param file the script
 * @param prefix of namespaces and interfaces: a small letter, then small letters and digits, at
 *     most 9 in all; labs of different prefixes stand side by side
 * @param management the first three numbers of the network by which appliances are reached
 */
public record LabScript(Path file, String prefix, String management) {
  private static final String RESOURCE = "/docker/lab/network";
  private static final int LIMIT_SECONDS = 120;

  /** What the script reads. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of("JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")));

  /** The script that travels inside this program, written into a folder. */
  public static Path unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    // Through a rename, because another process may run the script just now.
    Path part = Files.createTempFile(folder, "network", ".part");
    try (InputStream in =
        Objects.requireNonNull(LabScript.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
    }
    // Absolute, because whoever hears of changes of power calls it from a folder of his own.
    return Files.move(
        part, folder.resolve("network").toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The command line of one of the script's commands. */
  public List<String> command(String... verb) {
    List<String> command =
        new ArrayList<>(
            List.of("bash", file.toString(), "--prefix", prefix, "--management", management));
    command.addAll(List.of(verb));
    return command;
  }

  /**
   * What {@code lab serve --on-power} is given so that VMs of the lab site are hosts of this lab.
   *
   * @param hosts by the names of the VMs
   */
  public String onPower(Map<String, String> hosts) {
    List<String> words = new ArrayList<>(command());
    hosts.forEach((vm, host) -> words.addAll(List.of("--vm", vm + "=" + host)));
    words.add("power");
    return words.stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  /** What this machine lacks for a lab, in a sentence; empty when it lacks nothing. */
  public Optional<String> lacks() {
    try {
      var _ = call("check");
      return Optional.empty();
    } catch (NetworkLabException lacking) {
      return Optional.of(String.valueOf(lacking.getMessage()));
    }
  }

  /**
   * Runs one of the script's commands to its end, and answers what it printed.
   *
   * @throws NetworkLabException with what it complained about, when it ended with another code than
   *     0 or not within two minutes
   */
  public String call(String... verb) {
    List<String> command = command(verb);
    @Nullable Path complaints = null;
    try {
      complaints = Files.createTempFile("network-lab", ".err");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(complaints.toFile());
      builder.environment().putAll(ENVIRONMENT);
      Process process = builder.start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new NetworkLabException(
            "'%s' had not ended after %d s.".formatted(String.join(" ", command), LIMIT_SECONDS));
      }
      if (process.exitValue() != 0) {
        throw new NetworkLabException((Files.readString(complaints) + printed).strip());
      }
      return printed;
    } catch (IOException failed) {
      throw new NetworkLabException(
          "Could not run '%s': %s.".formatted(String.join(" ", command), failed.getMessage()),
          failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new NetworkLabException("Interrupted while the network lab worked.", interrupted);
    } finally {
      forget(complaints);
    }
  }

  private static void forget(@Nullable Path complaints) {
    try {
      if (complaints != null) {
        Files.deleteIfExists(complaints);
      }
    } catch (IOException stays) {
      // A few bytes among temporary files.
    }
  }
}
