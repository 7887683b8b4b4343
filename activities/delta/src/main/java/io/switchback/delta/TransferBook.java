package io.switchback.delta;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all transfers of this process have moved, by sites, and those that run. May be used by
 * several threads at once.
 */
public final class TransferBook {
  private final Map<Sites, TransferFigures> totals = new ConcurrentHashMap<>();
  private final Map<Entry, TransferProgress> running = new ConcurrentHashMap<>();

  /**
   * @param from that has the disk
   * @param to that gets it
   */
  public record Sites(String from, String to) {}

  /**
   * A transfer that runs.
   *
   * @param vm that the disk belongs to
   */
  public record Running(Sites sites, String vm, String disk, TransferProgress progress) {}

  /** Whoever runs a transfer tells here how far it is, and closes when it ends. */
  public final class Entry implements TransferObserver, AutoCloseable {
    private final Sites sites;
    private final String vm;
    private final String disk;
    private TransferFigures counted = TransferFigures.NONE;

    private Entry(Sites sites, String vm, String disk) {
      this.sites = sites;
      this.vm = vm;
      this.disk = disk;
    }

    @Override
    public void progressed(TransferProgress progress) {
      running.put(this, progress);
      count(progress.figures());
    }

    /** The last figures, of which the observer may have missed the end. */
    public synchronized void count(TransferFigures now) {
      TransferFigures more = now.minus(counted);
      counted = now;
      totals.merge(sites, more, TransferFigures::plus);
    }

    @Override
    public void close() {
      running.remove(this);
    }
  }

  /** Begins to count a transfer of a VM's disk. */
  public Entry begin(Sites sites, String vm, String disk) {
    totals.putIfAbsent(sites, TransferFigures.NONE);
    return new Entry(sites, vm, disk);
  }

  /** All that was moved since this process began; never falls. */
  public Map<Sites, TransferFigures> totals() {
    return Map.copyOf(totals);
  }

  /** Those that have told how far they are. */
  public List<Running> running() {
    Map<String, Running> ordered = new TreeMap<>();
    running.forEach(
        (entry, progress) ->
            ordered.put(
                entry.vm + "/" + entry.disk + "/" + System.identityHashCode(entry),
                new Running(entry.sites, entry.vm, entry.disk, progress)));
    return List.copyOf(ordered.values());
  }
}
