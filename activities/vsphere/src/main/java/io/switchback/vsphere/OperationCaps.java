package io.switchback.vsphere;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How many operations this worker has at a vCenter and on each of its hosts at once. vCenter queues
 * what is too much, and a queue there is everybody's: it is better to wait here, first come, first
 * served.
 */
public final class OperationCaps {
  private static final Duration BEAT = Duration.ofSeconds(2);

  private final String site;
  private final Limits limits;
  private final Consumer<String> beats;
  private final Semaphore all;
  private final Map<String, Semaphore> hosts = new ConcurrentHashMap<>();

  OperationCaps(String site, Limits limits) {
    this(site, limits, RunningActivity::heartbeat);
  }

  /**
   * @param beats told, now and then, what somebody waits for
   */
  OperationCaps(String site, Limits limits, Consumer<String> beats) {
    this.site = site;
    this.limits = limits;
    this.beats = beats;
    this.all = new Semaphore(limits.atOnce(), true);
  }

  /**
   * How much at once.
   *
   * @param atOnce operations at the vCenter
   * @param perHost operations that one host works on
   * @param patience how long an operation waits for its turn before its activity gives up and is
   *     asked again
   * @param taskLimit how long vCenter may run a task, not counting its own queue, before its
   *     activity gives up and goes on with it in the next attempt
   */
  public record Limits(int atOnce, int perHost, Duration patience, Duration taskLimit) {
    /**
     * A tenth of what vCenter itself runs at once, and half of what a host does; a turn that does
     * not come within a minute is asked for again.
     */
    public static final Limits DEFAULT =
        new Limits(64, 8, Duration.ofMinutes(1), Duration.ofMinutes(30));

    /** So many, each as patient as usual. */
    public static Limits of(int atOnce, int perHost) {
      return new Limits(atOnce, perHost, DEFAULT.patience(), DEFAULT.taskLimit());
    }

    public Limits {
      if (atOnce < 1 || perHost < 1 || patience.isNegative() || !taskLimit.isPositive()) {
        throw new IllegalArgumentException("caps: they must be at least 1, and times positive");
      }
    }
  }

  Limits limits() {
    return limits;
  }

  /** What runs once there is room. */
  interface Act<T> {
    T run() throws RemoteException;
  }

  /**
   * Runs {@code act} when its turn comes; heartbeats while it waits.
   *
   * @param host that works on it; empty when vCenter chooses one
   * @throws FaultException BUSY (retried) when the turn does not come; nothing was done
   */
  <T> T admit(String what, String host, Act<T> act) throws RemoteException {
    long end = System.nanoTime() + limits.patience().toNanos();
    // The host's first: who waits for a busy host must not keep others from idle ones.
    Semaphore ofHost =
        host.isEmpty()
            ? new Semaphore(1)
            : hosts.computeIfAbsent(host, name -> new Semaphore(limits.perHost(), true));
    await(what, ofHost, "host '" + host + "'", limits.perHost(), end);
    try {
      await(what, all, "the vCenter", limits.atOnce(), end);
      try {
        return act.run();
      } finally {
        all.release();
      }
    } finally {
      ofHost.release();
    }
  }

  private void await(String what, Semaphore turn, String where, int limit, long end) {
    try {
      while (true) {
        long left = end - System.nanoTime();
        if (turn.tryAcquire(Math.clamp(left, 0, BEAT.toNanos()), TimeUnit.NANOSECONDS)) {
          return;
        }
        if (left <= 0) {
          throw new FaultException(
              Fault.BUSY,
              "Could not %s yet: %s of site '%s' has %d operations of this worker already. It is tried again."
                  .formatted(what, where, site, limit));
        }
        beats.accept(what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultException(
          Fault.SITE_UNREACHABLE, "Could not %s: this worker is stopping.".formatted(what), e);
    }
  }
}
