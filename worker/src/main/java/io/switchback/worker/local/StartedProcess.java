package io.switchback.worker.local;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process started here, known by its number and its birth: a number that the machine gave to
 * another process later is never signalled.
 *
 * @param birth on Linux the boot and the clock tick of the start, elsewhere the time of the start
 * @param log the file its output goes to
 */
public record StartedProcess(String name, long pid, String birth, String log) {
  /** How long a process may take to end after it was asked to. */
  public static final Duration END_LIMIT = Duration.ofSeconds(20);

  /** Describes a process that runs now; empty if it has ended meanwhile. */
  public static Optional<StartedProcess> of(String name, long pid, Path log) {
    return birthOf(pid).map(birth -> new StartedProcess(name, pid, birth, log.toString()));
  }

  @JsonIgnore
  public boolean isAlive() {
    return birthOf(pid).filter(birth::equals).isPresent()
        && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /**
   * Asks the process to end and kills it when it has not ended within {@code limit}. If it runs no
   * longer, does nothing.
   */
  public void stop(Duration limit) {
    if (!isAlive()) {
      return;
    }
    ProcessHandle.of(pid)
        .ifPresent(
            handle -> {
              handle.destroy();
              if (!ended(handle, limit) && isAlive()) {
                handle.destroyForcibly();
                ended(handle, END_LIMIT);
              }
            });
  }

  private static boolean ended(ProcessHandle handle, Duration limit) {
    try {
      handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Optional<String> birthOf(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (Files.exists(Path.of("/proc/self/stat"))) {
      try {
        // The name in field 2 may hold spaces and brackets; everything after the last bracket is
        // plain.
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        boolean zombie = fields[0].equals("Z");
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        return zombie ? Optional.empty() : Optional.of(boot + "/" + fields[19]);
      } catch (IOException gone) {
        return Optional.empty();
      }
    }
    return ProcessHandle.of(pid)
        .flatMap(handle -> handle.info().startInstant())
        .map(Object::toString);
  }
}
