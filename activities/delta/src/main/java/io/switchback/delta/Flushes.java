package io.switchback.delta;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The flushes of something that was opened to be written. Once one has failed, every later one
 * fails too, until it is opened again.
 *
 * <p>The system tells a failure to write something out once, and then takes what it could not write
 * for written: a second try would succeed and mean nothing. So nothing may be concluded from a
 * flush after one that failed, by whichever thread. May be used by several threads at once, which
 * wait for each other.
 */
public final class Flushes {
  private final String name;
  private final List<Path> files;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Exception failed;

  private Flushes(String name, List<Path> files) {
    this.name = name;
    this.files = files;
  }

  /**
   * Of something that may be anywhere.
   *
   * @param name of it, for people
   */
  public static Flushes named(String name) {
    return new Flushes(name, List.of());
  }

  /**
   * Of files of this machine. When a flush fails the system is made to forget what it has of them
   * in memory, as far as it is not to be written any more: whoever opens them again reads what the
   * device holds, and sends again what it lacks.
   */
  public static Flushes of(Path... files) {
    return new Flushes(List.of(files).toString(), List.of(files));
  }

  /** One flush. */
  @FunctionalInterface
  public interface Flush {
    void run() throws IOException;
  }

  /**
   * Flushes, unless an earlier one failed.
   *
   * @throws FencedException if it may not; that says nothing of what was written
   */
  public void flush(Flush flush) throws IOException {
    lock.lock();
    try {
      check();
      run(flush);
    } finally {
      lock.unlock();
    }
  }

  /** The same, unless somebody flushes just now: then nothing happens. */
  public void flushIfNobodyDoes(Flush flush) throws IOException {
    if (lock.tryLock()) {
      try {
        check();
        run(flush);
      } finally {
        lock.unlock();
      }
    }
  }

  private void run(Flush flush) throws IOException {
    try {
      flush.run();
    } catch (FencedException newer) {
      throw newer;
    } catch (IOException | RuntimeException lost) {
      failed = lost;
      files.forEach(PageCache::drop);
      throw lost;
    }
  }

  /**
   * @throws IOException if a flush failed: of the same kind, where that leads to another remedy
   */
  public void check() throws IOException {
    Exception why = failed;
    if (why == null) {
      return;
    }
    String sentence =
        "What was written to %s may be lost: it could not be flushed (%s). Open the disk again, which writes it anew; at a lab site start the site again."
            .formatted(name, why.getMessage());
    throw switch (why) {
      case DiskFullException _ -> new DiskFullException(sentence, why);
      case ClosedChannelException closed -> closed;
      default -> new IOException(sentence, why);
    };
  }

  /** Whether somebody flushes just now. */
  public boolean isUnderWay() {
    return lock.isLocked();
  }
}
