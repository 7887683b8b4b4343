package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program whose lines are read while it runs. */
final class RunningProgram implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean isOver;

  RunningProgram(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofVirtual().start(this::read);
  }

  /** Starts it and waits until it says {@code ready}; when it does not, it is ended. */
  static RunningProgram start(List<String> command, String ready)
      throws IOException, InterruptedException {
    RunningProgram program = new RunningProgram(command);
    try {
      program.await(ready);
      return program;
    } catch (AssertionError | InterruptedException failure) {
      program.close();
      throw failure;
    }
  }

  /** Waits for a line with all of {@code parts} and answers it. */
  String await(String... parts) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lines) {
      while (true) {
        Optional<String> found =
            lines.stream().filter(line -> Stream.of(parts).allMatch(line::contains)).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || isOver) {
          throw new AssertionError(
              "no line with " + List.of(parts) + ":\n" + String.join("\n", lines));
        }
        lines.wait(left);
      }
    }
  }

  /** Everything that it has said so far. */
  String said() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /** It and all that it has started. */
  List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException ended) {
      // What it said last is known.
    }
    synchronized (lines) {
      isOver = true;
      lines.notifyAll();
    }
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> all = processes();
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
