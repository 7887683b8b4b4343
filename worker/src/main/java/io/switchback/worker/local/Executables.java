package io.switchback.worker.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs on the PATH. */
final class Executables {
  private Executables() {}

  /** The first program called {@code name} in the directories of {@code path}. */
  static Optional<Path> onPath(String name, @Nullable String path) {
    return Stream.of((path == null ? "" : path).split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
