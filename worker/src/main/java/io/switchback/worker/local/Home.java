package io.switchback.worker.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds the addresses, data and logs of what was started on this machine, so
 * that one command finds what another began.
 *
 * <p>{@code services.json} the addresses and processes · {@code logs/} one file per process ·
 * {@code data/} databases and lab sites.
 *
 * @param directory absolute; made by {@link #prepare()}
 */
public record Home(Path directory) {
  /** The environment variable read when no {@code --home} is given. */
  public static final String VARIABLE = "SWITCHBACK_HOME";

  public Home {
    directory = directory.toAbsolutePath().normalize();
  }

  /** The home that {@code option} names, else {@link #VARIABLE}, else {@code ~/.switchback}. */
  public static Home resolve(@Nullable Path option, Map<String, String> environment) {
    if (option != null) {
      return new Home(option);
    }
    String variable = environment.get(VARIABLE);
    if (variable != null && !variable.isBlank()) {
      return new Home(Path.of(variable));
    }
    return new Home(Path.of(System.getProperty("user.home"), ".switchback"));
  }

  /**
   * Makes the directories. If they are there already, does nothing.
   *
   * @throws Refusal if that is not possible
   */
  public Home prepare() {
    try {
      Files.createDirectories(logs());
      Files.createDirectories(data());
    } catch (IOException failure) {
      throw new Refusal(
          ExitCode.USAGE,
          "Could not make the home directory '%s': %s. Give a directory you may write with --home."
              .formatted(directory, failure),
          failure);
    }
    return this;
  }

  public Path logs() {
    return directory.resolve("logs");
  }

  /** The log file of the process called {@code name}. */
  public Path log(String name) {
    return logs().resolve(name + ".log");
  }

  public Path data() {
    return directory.resolve("data");
  }

  public ServicesFile services() {
    return new ServicesFile(directory.resolve("services.json"));
  }
}
