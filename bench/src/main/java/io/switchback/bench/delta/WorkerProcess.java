package io.switchback.bench.delta;

import io.switchback.delta.Rung;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link DiskWorker} in a process of its own, as small as a site's worker shall be. */
final class WorkerProcess implements AutoCloseable {
  /** As {@code getconf CLK_TCK} says on every Linux that people have. */
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final BufferedReader answers;

  /**
   * What one transfer took.
   *
   * @param seconds from the start of the transfer to its proof
   * @param rung how the bytes to send were found
   */
  record Answer(
      double seconds, long readBytes, long sentBytes, long wireBytes, long tagBytes, String rung) {
    static Answer parse(String line) {
      String[] words = line.split(" ");
      return new Answer(
          Double.parseDouble(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]),
          words[5]);
    }

    /** Whoever measures another way of finding what changed than he says, measures nothing. */
    Answer require(Rung expected) throws IOException {
      if (!rung.equals(expected.name())) {
        throw new IOException("It went by %s, not by %s.".formatted(rung, expected));
      }
      return this;
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
    tell(words);
    return Answer.parse(line());
  }

  /** Asks and does not wait for the answer. */
  void tell(String... words) throws IOException {
    process
        .getOutputStream()
        .write((String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Processor time of all its threads so far; 0 where there is no {@code /proc}. */
  double cpuSeconds() throws IOException {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    if (!Files.exists(stat)) {
      return 0;
    }
    String line = Files.readString(stat);
    String[] words = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / TICKS_PER_SECOND;
  }

  /** The most memory that it had resident; 0 where there is no {@code /proc}. */
  long mostResidentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        * 1024;
  }

  /** Ends it as a power failure would. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends it and waits until it is gone. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
