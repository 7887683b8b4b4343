package io.switchback.worker.local;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process to start.
 *
 * @param name names it in {@code services.json} and its log; one process of a name per home
 * @param environment added to the environment of this process
 */
public record Launch(String name, List<String> command, Map<String, String> environment) {
  private static final String PROGRAM = "io.switchback.worker.command.Switchback";

  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /**
   * This same program with other arguments, in a JVM of its own: {@code program("lab-a", "lab",
   * "serve", …)}.
   */
  public static Launch program(String name, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseSerialGC");
    command.add("-Xshare:auto");
    command.add("-cp");
    command.add(classPath());
    command.add(PROGRAM);
    command.addAll(arguments);
    return new Launch(name, command, Map.of());
  }

  /** The same launch with one more environment variable. */
  public Launch with(String variable, String value) {
    var more = new java.util.HashMap<>(environment);
    more.put(variable, value);
    return new Launch(name, command, more);
  }

  // The child runs in the home directory, where a relative path would name something else.
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
