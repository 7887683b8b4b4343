package io.switchback.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The faults that tests and people have scripted. They live in memory: a daemon that starts again
 * has none.
 */
public final class ScriptedFaults {

  /**
   * How far a script is.
   *
   * @param begun calls that met it; {@code acted} those of them whose effect is done
   */
  public record Progress(String id, int begun, int acted, int left, boolean released) {}

  /** A call that met a script. */
  final class Hit {
    private final Entry entry;

    private Hit(Entry entry) {
      this.entry = entry;
    }

    /** Delays, or fails the call before its effect. */
    void before() {
      entry.await(entry.script.delay());
      String fault = entry.script.fault();
      if (fault != null) {
        throw new LabException(
            fault, "Fault %s was scripted for '%s'.".formatted(fault, entry.script.kind()));
      }
    }

    /** Keeps the answer back if the script says so; true when it is never to be given. */
    boolean after() {
      lock.lock();
      try {
        entry.acted++;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      if (entry.script.withhold()) {
        entry.awaitRelease();
      }
      return entry.script.drop();
    }
  }

  private static final class Entry {
    final String id = "script-" + UUID.randomUUID();
    final FaultScript script;
    final CountDownLatch released = new CountDownLatch(1);
    int begun;
    int acted;

    Entry(FaultScript script) {
      this.script = script;
    }

    int left() {
      return script.times() - begun;
    }

    Progress progress() {
      return new Progress(id, begun, acted, left(), released.getCount() == 0);
    }

    void await(Duration limit) {
      if (limit.isPositive()) {
        try {
          var _ = released.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    void awaitRelease() {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  Progress add(FaultScript script) {
    lock.lock();
    try {
      Entry entry = new Entry(script);
      entries.put(entry.id, entry);
      return entry.progress();
    } finally {
      lock.unlock();
    }
  }

  /** Finds the oldest script that the call meets and uses it up by one. */
  @Nullable Hit meet(String kind, @Nullable String vmId, @Nullable String vmName) {
    lock.lock();
    try {
      for (Entry entry : entries.values()) {
        String wanted = entry.script.vm();
        if (entry.left() > 0
            && entry.script.kind().equals(kind)
            && (wanted == null || wanted.equals(vmId) || wanted.equals(vmName))) {
          entry.begun++;
          changed.signalAll();
          return new Hit(entry);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many calls have met the script and, unless they were to fail, have acted. */
  Progress await(String id, int calls, Duration limit) {
    lock.lock();
    try {
      Entry entry = find(id);
      long left = limit.toNanos();
      while (reached(entry) < calls && left > 0) {
        left = changed.awaitNanos(left);
      }
      return entry.progress();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return find(id).progress();
    } finally {
      lock.unlock();
    }
  }

  private static int reached(Entry entry) {
    return entry.script.fault() == null ? entry.acted : entry.begun;
  }

  /** Lets withheld answers and delayed calls go. */
  Progress release(String id) {
    lock.lock();
    try {
      Entry entry = find(id);
      entry.released.countDown();
      return entry.progress();
    } finally {
      lock.unlock();
    }
  }

  /** Releases and forgets every script. */
  void clear() {
    lock.lock();
    try {
      entries.values().forEach(entry -> entry.released.countDown());
      entries.clear();
    } finally {
      lock.unlock();
    }
  }

  private Entry find(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new LabException(LabFault.NO_SUCH_SCRIPT, "No script '%s' here.".formatted(id));
    }
    return entry;
  }
}
