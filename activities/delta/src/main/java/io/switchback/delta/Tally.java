package io.switchback.delta;

import io.switchback.delta.TransferProgress.Phase;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the threads of one transfer have done so far, and whether they shall stop. */
final class Tally {
  private final LongAdder readBytes = new LongAdder();
  private final AtomicLong taggedBytes = new AtomicLong();
  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder doneBytes = new LongAdder();
  private volatile long totalBytes;
  private volatile Phase phase = Phase.AUDIT;
  private volatile boolean stopped;

  void read(long bytes) {
    readBytes.add(bytes);
  }

  /**
   * @param bytes that the source read for tags, all in all
   */
  void tagged(long bytes) {
    taggedBytes.accumulateAndGet(bytes, Math::max);
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
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Ends the calling thread's work when the transfer was stopped. */
  void beforeBatch() {
    if (stopped) {
      throw new CancellationException("The transfer was stopped.");
    }
  }

  TransferProgress progress() {
    return new TransferProgress(
        phase, doneBytes.sum(), totalBytes, readBytes.sum() + taggedBytes.get(), sentBytes.sum());
  }
}
