package io.switchback.worker.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The Temporal CLI on this machine: what is there already, or the pinned version downloaded or
 * built.
 */
public final class TemporalBinary {
  private final Cache cache;
  private final Map<String, String> environment;
  private final TemporalRelease release;
  private final Consumer<String> notices;

  /**
   * @param notices takes one line for people at a time; a build says how long it runs already
   */
  public TemporalBinary(Map<String, String> environment, Consumer<String> notices) {
    this(
        environment,
        new TemporalRelease(TemporalRelease.OFFICIAL, PinnedTemporal.version(), notices),
        notices);
  }

  TemporalBinary(
      Map<String, String> environment, TemporalRelease release, Consumer<String> notices) {
    this.cache = Cache.of(environment);
    this.environment = Map.copyOf(environment);
    this.release = release;
    this.notices = notices;
  }

  /** Either a binary, or why there is none. */
  public sealed interface Answer {
    /** A binary that can be run. */
    record Found(Path binary) implements Answer {}

    /** None, with one reason per way that was tried. */
    record Missing(List<String> reasons) implements Answer {
      public Missing {
        reasons = List.copyOf(reasons);
      }
    }
  }

  /** The pinned version, without a leading {@code v}. */
  public static String version() {
    return PinnedTemporal.version();
  }

  /** What is there now: the pinned one of the cache, else {@code temporal} on the PATH. */
  public Optional<Path> find() {
    Path pinned = PinnedTemporal.binary(cache);
    return Files.isExecutable(pinned)
        ? Optional.of(pinned)
        : Executables.onPath("temporal", environment.get("PATH"));
  }

  /**
   * What is there now, else the official release, else the pinned module built with Go. If two
   * processes do so at once, both end with the same binary.
   *
   * @throws Refusal if a download is not what its publisher signed for
   */
  public Answer obtain() {
    Optional<Path> there = find();
    if (there.isPresent()) {
      return new Answer.Found(there.get());
    }
    Path pinned = PinnedTemporal.binary(cache);
    String notReachable;
    try {
      release.installTo(pinned);
      return new Answer.Found(pinned);
    } catch (IOException failure) {
      notReachable =
          "the official release is not reachable (%s)".formatted(Failures.sentence(failure));
    }
    if (Executables.onPath("go", environment.get("PATH")).isEmpty()) {
      return new Answer.Missing(List.of(notReachable, "Go is not on the PATH"));
    }
    notices.accept(
        "The official Temporal CLI is not reachable: building it from the pinned module.");
    try {
      build();
    } catch (IOException failure) {
      return new Answer.Missing(
          List.of(notReachable, "it could not be built (%s)".formatted(failure.getMessage())));
    }
    return new Answer.Found(pinned);
  }

  private void build() throws IOException {
    Path script = PinnedTemporal.unpack(PinnedTemporal.binary(cache).resolveSibling("module"));
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("XDG_CACHE_HOME", cache.base().toString());
    Process process = builder.start();
    String last = "";
    try (BufferedReader lines = process.errorReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        notices.accept(line);
        last = line.strip();
      }
      if (process.waitFor() != 0) {
        throw new IOException(last);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      process.destroy();
    }
  }
}
