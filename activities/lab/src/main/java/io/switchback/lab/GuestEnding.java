package io.switchback.lab;

import io.switchback.port.GuestActivities.ShutDownEnd;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A guest that was asked to shut down. The daemon answers when the VM is off; who gives up waiting
 * leaves the guest on its way down, and a later fence keeps it from ending another boot.
 */
final class GuestEnding {
  private final FutureTask<ShutDownEnd> asked;

  GuestEnding(LabClient site, String vm, Stamp stamp) {
    asked = new FutureTask<>(() -> ask(site, vm, stamp));
    Thread.ofVirtual().name("shutdown-" + vm).start(asked);
  }

  private static ShutDownEnd ask(LabClient site, String vm, Stamp stamp) {
    try {
      var _ = site.shutDown(vm, stamp);
      return ShutDownEnd.SHUT_DOWN;
    } catch (LabException e) {
      if (e.is(LabFault.TOOLS_NOT_RUNNING)) {
        return ShutDownEnd.NO_TOOLS;
      }
      if (e.is(LabFault.ALREADY_POWERED_OFF)) {
        return ShutDownEnd.OFF_ALREADY;
      }
      throw e;
    }
  }

  /**
   * Waits for at most {@code pause}.
   *
   * @return empty while the guest has not ended
   * @throws LabException as the daemon refuses
   */
  Optional<ShutDownEnd> await(Duration pause) {
    try {
      return Optional.of(asked.get(pause.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException later) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LabException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
