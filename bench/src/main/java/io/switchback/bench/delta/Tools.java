package io.switchback.bench.delta;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Programs that run as a user would run them. */
final class Tools {
  private Tools() {}

  /** Whether the program is installed. */
  static boolean has(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /**
   * @throws IOException if it ends with anything but 0
   */
  static void run(String... command) throws IOException, InterruptedException {
    run(Map.of(), command);
  }

  static void run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder program =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    program.environment().putAll(environment);
    requireZero(program.start().waitFor(), command);
  }

  private static void requireZero(int exit, String... command) throws IOException {
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit);
    }
  }

  /** What running it took, its start and its children included. */
  static Taken taken(String... command) throws IOException, InterruptedException {
    return taken(Map.of(), command);
  }

  static Taken taken(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path times = Files.createTempFile("times-", "");
    try {
      // The shell knows what its children took, and theirs; Java knows neither.
      List<String> timed =
          new ArrayList<>(
              List.of(
                  "bash",
                  "-c",
                  "TIMEFORMAT='%R %U %S'; times=$1; shift; { time \"$@\" 2>&3; } 3>&2"
                      + " 2>\"$times\"",
                  "timed",
                  times.toString()));
      timed.addAll(List.of(command));
      run(environment, timed.toArray(String[]::new));
      String[] words = Files.readString(times).trim().split("\\s+");
      return new Taken(
          Double.parseDouble(words[words.length - 3]),
          Double.parseDouble(words[words.length - 2])
              + Double.parseDouble(words[words.length - 1]));
    } finally {
      Files.delete(times);
    }
  }

  /** The first line that the program prints, or nothing where it is not installed. */
  static String firstLine(String... command) throws IOException, InterruptedException {
    if (!has(command[0])) {
      return "";
    }
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    program.waitFor();
    return said.lines().findFirst().orElse("");
  }
}
