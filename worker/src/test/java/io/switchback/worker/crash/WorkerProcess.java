package io.switchback.worker.crash;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker in a process of its own, with a proxy of its own to each service, so that a test knows
 * whose answer it keeps back.
 */
final class WorkerProcess implements AutoCloseable {
  private final List<String> command;
  private final Path log;
  final HoldingProxy postgres;
  final HoldingProxy temporal;
  private Process process;

  WorkerProcess(
      Path directory,
      String name,
      int postgresPort,
      String registryQuery,
      int temporalPort,
      List<String> sites)
      throws IOException {
    postgres = HoldingProxy.ofText(postgresPort);
    temporal = HoldingProxy.ofGrpc(temporalPort);
    log = directory.resolve(name + ".log");
    command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.switchback.worker.command.Switchback",
            "worker",
            "--home",
            directory.resolve(name).toString(),
            "--temporal",
            "127.0.0.1:" + temporal.port(),
            "--registry",
            // Every statement travels as text, so that the proxy can read it.
            "jdbc:postgresql://127.0.0.1:%d/%s&prepareThreshold=0"
                .formatted(postgres.port(), registryQuery),
            "--queues",
            "switchback,site.berlin,site.potsdam"));
    for (String site : sites) {
      command.addAll(List.of("--site", site));
    }
    start();
  }

  void start() throws IOException {
    if (process != null && process.isAlive()) {
      return;
    }
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(new File("/dev/null"))
            .start();
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL: nothing is told to anybody. */
  void kill() throws InterruptedException {
    // Not by its future, which needs a thread of the pool in which tests wait for what they began.
    process.destroyForcibly().waitFor();
  }

  void stop() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(pid())).start().waitFor();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    kill();
    postgres.close();
    temporal.close();
  }
}
