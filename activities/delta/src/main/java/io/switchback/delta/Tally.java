package io.switchback.delta;

import io.switchback.delta.TransferProgress.Phase;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the threads of one transfer have done so far, and whether they shall stop. */
final class Tally {
  private final LongAdder readBytes = new LongAdder();
  private final AtomicLong taggedBytes = new AtomicLong();
  private final LongAdder comparedBytes = new LongAdder();
  private final LongAdder digestBytes = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder doneBytes = new LongAdder();
  private volatile long totalBytes;
  private volatile Phase phase = Phase.AUDIT;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final DiskSource source;
  private final Optional<DiskSource> sink;
  private final long travelledBefore;
  private final Forecast forecast = new Forecast();

  Tally(DiskSource source) {
    this(source, Optional.empty());
  }

  /**
   * @param sink read where it is near
   */
  Tally(DiskSource source, Optional<DiskSource> sink) {
    this.source = source;
    this.sink = sink;
    this.travelledBefore = source.travelledBytes().orElse(0);
  }

  void read(long bytes) {
    readBytes.add(bytes);
  }

  /**
   * @param bytes that the source read for tags, all in all
   */
  void tagged(long bytes) {
    taggedBytes.accumulateAndGet(bytes, Math::max);
  }

  /** Tags came that compare so much of the disk. */
  void digested(int tagBytes) {
    digestBytes.add(tagBytes);
  }

  /** So much of the disk was compared, and is done with. */
  void compared(long bytes) {
    comparedBytes.add(bytes);
    done(bytes);
  }

  void sent(long bytes) {
    sentBytes.add(bytes);
  }

  void done(long bytes) {
    doneBytes.add(bytes);
  }

  /**
   * @param bytes of the disk to deal with in the phase
   */
  void begin(Phase next, long bytes) {
    doneBytes.reset();
    totalBytes = bytes;
    phase = next;
  }

  void stop() {
    stopped.countDown();
  }

  /** Ends the calling thread's work when the transfer was stopped. */
  void beforeBatch() {
    if (stopped.getCount() == 0) {
      throw new CancellationException("The transfer was stopped.");
    }
  }

  /** Waits; ends the calling thread's work as soon as the transfer is stopped. */
  void pause(long nanos) {
    if (nanos <= 0) {
      return;
    }
    try {
      if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
        beforeBatch();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted while waiting for a rate limit.");
    }
  }

  /** For use by the thread that runs the transfer. */
  TransferProgress progress() {
    Phase now = phase;
    long done = doneBytes.sum();
    return new TransferProgress(
        now,
        done,
        totalBytes,
        new TransferFigures(
            readBytes.sum() + taggedBytes.get(),
            comparedBytes.sum(),
            digestBytes.sum(),
            source.travelledBytes().orElse(travelledBefore) - travelledBefore,
            sentBytes.sum(),
            source.aheadBytes(),
            source.underWayBytes() + sink.map(DiskSource::underWayBytes).orElse(0L)),
        forecast.at(System.nanoTime(), now, done, totalBytes));
  }
}
