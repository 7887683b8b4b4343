package io.switchback.delta.file;

import io.switchback.delta.ReadAhead;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets as much be read of a device at once as makes it faster, by the rule that streams are asked
 * ahead by; the other threads wait for their turn. May be used by several threads at once.
 */
final class UnderWay {
  /** Far less than the buffers of all who read, so nobody needs more memory for it. */
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private final ReadAhead ahead = new ReadAhead(MOST_BYTES);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition less = lock.newCondition();
  private final LongSupplier nanoClock;
  private long bytes;

  UnderWay() {
    this(System::nanoTime);
  }

  UnderWay(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** A call that takes as long as the device needs. */
  interface Read {
    /**
     * @return bytes read; none count when it is negative
     */
    long read() throws IOException;
  }

  /** Reads when there is room for it; a read that is alone never waits. */
  long read(int length, Read read) throws IOException {
    enter(length);
    try {
      long askedNanos = nanoClock.getAsLong();
      long count = read.read();
      if (count > 0) {
        ahead.arrived(askedNanos, nanoClock.getAsLong(), (int) count);
      }
      return count;
    } finally {
      leave(length);
    }
  }

  private void enter(int length) {
    lock.lock();
    try {
      while (bytes > 0 && bytes + length > ahead.bytes()) {
        // Whoever reads ends by himself, so this does too.
        less.awaitUninterruptibly();
      }
      bytes += length;
    } finally {
      lock.unlock();
    }
  }

  private void leave(int length) {
    lock.lock();
    try {
      bytes -= length;
      less.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How much may be under way at once now. */
  int mostBytes() {
    return ahead.bytes();
  }
}
