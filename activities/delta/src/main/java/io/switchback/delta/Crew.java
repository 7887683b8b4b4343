package io.switchback.delta;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one transfer. Whoever called waits, looks at the progress meanwhile, and gets the
 * first failure.
 *
 * <p>No thread is interrupted: an interrupt would close a file under the hands of the others. Each
 * call of a source or a sink ends by itself, so the crew does too.
 */
final class Crew {
  /**
   * Each has a super under way, and a transfer that goes on reads it again: with a journal two are
   * what may be lost, on a machine with many processors too. They keep two of them busy, and the
   * transfers of other disks the rest.
   */
  private static final int TOLD = 2;

  private static final int COPYING = Math.max(2, Runtime.getRuntime().availableProcessors());
  // More, so that one tags the near disk while another waits for the far one.
  private static final int TAGGING = 2 * COPYING;
  private static final long LOOK_MILLIS = 200;

  private final Tally tally;
  private final TransferObserver observer;
  private final boolean isTold;

  /**
   * @param isTold whether somebody is told how far the transfer is, and may go on from there
   */
  Crew(Tally tally, TransferObserver observer, boolean isTold) {
    this.tally = tally;
    this.observer = observer;
    this.isTold = isTold;
  }

  /** Work on one of several numbered pieces. */
  interface Piece {
    void work(int at) throws IOException;
  }

  /** Tags the pieces 0 to {@code count} - 1, in ascending order, in as many threads as pay. */
  void tag(int count, Piece piece) throws IOException, InterruptedException {
    inThreads(TAGGING, () -> piece, count);
  }

  /**
   * Copies the pieces 0 to {@code count} - 1, in ascending order.
   *
   * @param perThread makes what one thread works with, and no other
   */
  void copy(Supplier<? extends Piece> perThread, int count)
      throws IOException, InterruptedException {
    inThreads(isTold ? TOLD : COPYING, perThread, count);
  }

  private void inThreads(int threads, Supplier<? extends Piece> perThread, int count)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    run(
        Collections.nCopies(
            threads,
            () -> {
              Piece piece = perThread.get();
              for (int at = next.getAndIncrement(); at < count; at = next.getAndIncrement()) {
                tally.beforeBatch();
                piece.work(at);
              }
              return null;
            }));
  }

  /** Does {@code work} side by side, and returns when all of it has ended, well or not. */
  void run(List<Callable<@Nullable Void>> work) throws IOException, InterruptedException {
    Throwable failure = null;
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            work.size(), Thread.ofPlatform().name("transfer-", 0).daemon().factory())) {
      CompletionService<@Nullable Void> endings = new ExecutorCompletionService<>(threads);
      work.forEach(endings::submit);
      for (int left = work.size(); left > 0; ) {
        try {
          Future<@Nullable Void> ended = endings.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          if (ended != null) {
            left--;
            ended.get();
          }
          if (failure == null) {
            observer.progressed(tally.progress());
          }
        } catch (ExecutionException failed) {
          failure = firstOf(failure, Objects.requireNonNull(failed.getCause()));
        } catch (InterruptedException | RuntimeException stopping) {
          failure = firstOf(failure, stopping);
        }
        if (failure != null) {
          tally.stop();
        }
      }
    }
    if (failure != null) {
      rethrow(failure);
    }
  }

  private static Throwable firstOf(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    // The other threads stop because the first one failed: that says nothing new.
    if (!(next instanceof CancellationException) && !first.equals(next)) {
      first.addSuppressed(next);
    }
    return first;
  }

  private static void rethrow(Throwable failure) throws IOException, InterruptedException {
    switch (failure) {
      case IOException io -> throw io;
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      default -> throw new IOException(failure);
    }
  }
}
