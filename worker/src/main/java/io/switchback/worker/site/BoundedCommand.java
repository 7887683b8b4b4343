package io.switchback.worker.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that prints a credential: run without a shell, within a time, and with nothing of what
 * it prints kept but what it prints on standard output.
 */
final class BoundedCommand {
  private final List<String> command;
  private final Duration limit;
  private final int mostBytes;

  /**
   * @param printed what it printed; empty when there is a problem
   * @param problem why there is no answer; empty when there is one
   */
  record Outcome(String printed, String problem) {
    @Override
    public String toString() {
      return "Outcome[problem=" + problem + "]";
    }
  }

  BoundedCommand(List<String> command, Duration limit, int mostBytes) {
    this.command = List.copyOf(command);
    this.limit = limit;
    this.mostBytes = mostBytes;
  }

  Outcome run() {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(new java.io.File("/dev/null"))
              // It may hold the credential, too.
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException notStarted) {
      return new Outcome("", "cannot be started: " + notStarted.getMessage());
    }
    try {
      return awaited(process);
    } finally {
      end(process);
    }
  }

  /** Also what the program has started itself. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      process.destroyForcibly().onExit().get(1, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException lingers) {
      // The kernel ends it when it can; nobody waits for that.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome awaited(Process process) {
    CompletableFuture<byte[]> printed = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                printed.complete(process.getInputStream().readNBytes(mostBytes + 1));
              } catch (IOException broken) {
                printed.completeExceptionally(broken);
              }
            });
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      byte[] bytes = printed.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (bytes.length > mostBytes) {
        return new Outcome("", "prints more than any credential has");
      }
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return late();
      }
      return process.exitValue() == 0
          ? new Outcome(new String(bytes, UTF_8), "")
          : new Outcome("", "ended with exit code " + process.exitValue());
    } catch (TimeoutException late) {
      return late();
    } catch (ExecutionException broken) {
      return new Outcome("", "could not be listened to: " + broken.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Outcome("", "was interrupted");
    }
  }

  private Outcome late() {
    return new Outcome("", "had not ended after %d s".formatted(limit.toSeconds()));
  }
}
