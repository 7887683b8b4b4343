package io.switchback.bench.delta;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link DiskWorker} in a process of its own, as small as a site's worker shall be. */
final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  /**
   * What one transfer took.
   *
   * @param seconds from the start of the transfer to its proof
   */
  record Answer(double seconds, long readBytes, long sentBytes, long wireBytes, long tagBytes) {
    static Answer parse(String line) {
      String[] words = line.split(" ");
      return new Answer(
          Double.parseDouble(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]));
    }
  }

  private WorkerProcess(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static WorkerProcess start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            DiskWorker.class.getName()));
    command.addAll(List.of(arguments));
    return new WorkerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next line that it prints. */
  String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("A worker ended without an answer; what it said stands above.");
    }
    return line;
  }

  Answer ask(String... words) throws IOException {
    process
        .getOutputStream()
        .write((String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return Answer.parse(line());
  }

  /** Ends it and waits until it is gone. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
