package io.switchback.worker.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts processes that outlive this one and keeps them in {@code services.json}. They hang on no
 * terminal: Ctrl-C here does not reach them, so that whoever started them decides in which order
 * they end.
 */
public final class Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
  private static final long TICK_MILLIS = 25;
  private static final int TAIL_LINES = 12;

  private final Home home;

  public Launcher(Home home) {
    this.home = home;
  }

  /**
   * Starts a process and waits until {@code ready} says that it serves. If a process of that name
   * runs already from this home, waits for that one instead and starts nothing.
   *
   * @throws Refusal if it ends before it is ready (with the end of its log) or takes longer than
   *     {@code limit}; a process started by this call runs no longer then
   */
  public StartedProcess start(Launch launch, BooleanSupplier ready, Duration limit) {
    home.prepare();
    long logStart = size(home.log(launch.name()));
    AtomicReference<StartedProcess> found = new AtomicReference<>();
    AtomicReference<Process> begun = new AtomicReference<>();
    // Under the lock of the file, so that of two commands at once one starts it and the other finds
    // it.
    home.services()
        .update(
            services -> {
              Optional<StartedProcess> running = services.running(launch.name());
              if (running.isPresent()) {
                found.set(running.get());
                return services;
              }
              Process process = spawn(launch);
              begun.set(process);
              StartedProcess started =
                  StartedProcess.of(launch.name(), process.pid(), home.log(launch.name()))
                      .orElseThrow(() -> ended(launch, logStart));
              found.set(started);
              return services.withProcess(started);
            });
    StartedProcess started = found.get();
    try {
      awaitReady(launch, started, ready, limit, logStart);
    } catch (RuntimeException | Error failure) {
      if (begun.get() != null) {
        stop(launch.name());
      }
      throw failure;
    }
    LOG.info("Process ready name={} pid={}", launch.name(), started.pid());
    return started;
  }

  /** Ends the process called {@code name} and forgets it. If none runs, only forgets it. */
  public boolean stop(String name) {
    Optional<StartedProcess> running = home.services().read().running(name);
    running.ifPresent(process -> process.stop(StartedProcess.END_LIMIT));
    home.services()
        .update(
            services ->
                services.running(name).isPresent() ? services : services.withoutProcess(name));
    return running.isPresent();
  }

  private void awaitReady(
      Launch launch, StartedProcess started, BooleanSupplier ready, Duration limit, long logStart) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ready.getAsBoolean()) {
      if (!started.isAlive()) {
        throw ended(launch, logStart);
      }
      if (System.nanoTime() > deadline) {
        throw Refusal.unreachable(
            "'%s' started but was not ready after %d s. The end of its log %s:%n%s"
                .formatted(
                    launch.name(),
                    limit.toSeconds(),
                    home.log(launch.name()),
                    tail(launch, logStart)));
      }
      try {
        // Waiting for its end is the pause: a process that dies is noticed at once.
        ProcessHandle.of(started.pid())
            .orElseThrow(() -> ended(launch, logStart))
            .onExit()
            .get(TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException stillRunning) {
        // Asked again at once.
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw Refusal.unreachable("Interrupted while waiting for '%s'.".formatted(launch.name()));
      }
    }
  }

  private Process spawn(Launch launch) {
    List<String> command = new ArrayList<>(detaching());
    command.addAll(launch.command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.directory().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.log(launch.name()).toFile()));
    builder.environment().putAll(launch.environment());
    try {
      return builder.start();
    } catch (IOException failure) {
      throw Refusal.unreachable(
          "Could not start '%s': %s.".formatted(launch.name(), failure.getMessage()), failure);
    }
  }

  /**
   * What stands before a command so that it hangs on no terminal; it replaces itself, so the pid
   * stays.
   */
  private static List<String> detaching() {
    return Executables.onPath("setsid", System.getenv("PATH"))
        .map(setsid -> List.of(setsid.toString()))
        // A signal that is ignored stays ignored in the program that replaces the shell.
        .orElse(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$0\" \"$@\""));
  }

  private Refusal ended(Launch launch, long logStart) {
    return Refusal.unreachable(
        "'%s' ended before it was ready. The end of its log %s:%n%s"
            .formatted(launch.name(), home.log(launch.name()), tail(launch, logStart)));
  }

  private String tail(Launch launch, long logStart) {
    try {
      byte[] all = Files.readAllBytes(home.log(launch.name()));
      int from = (int) Math.min(logStart, all.length);
      List<String> lines =
          new String(all, from, all.length - from, java.nio.charset.StandardCharsets.UTF_8)
              .lines()
              .toList();
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException noLog) {
      return "(no log: " + noLog.getMessage() + ")";
    }
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException unreadable) {
      return 0;
    }
  }
}
