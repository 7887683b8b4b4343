package io.switchback.delta;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes one disk on behalf of one holder.
 *
 * <p>Its {@link #tags} are of what the disk holds at that moment, flushed or not: nothing is
 * remembered.
 *
 * <p>Sinks are fenced: once a newer holder is known, every batch of this one is refused. May be
 * used by several threads at once, as long as their batches do not overlap. A call ends in bounded
 * time. An {@link IOException} other than {@link FencedException} may pass: the caller may call
 * again, because each call can be made twice.
 */
public interface DiskSink extends TaggedDisk, Closeable {

  /**
   * Makes the disk hold what {@code batch} says. Bytes outside the batch stay as they are. Writing
   * the same batch again changes nothing. What was written may be lost in a crash until {@link
   * #flush} has returned. The buffers belong to the caller again on return.
   *
   * @throws FencedException if a newer holder is known; nothing of the batch is written
   * @throws DiskFullException if there is no space; part of the batch may be written
   * @throws IllegalArgumentException if the batch reaches beyond the end of the disk; nothing is
   *     written
   */
  void write(Batch batch) throws IOException;

  /**
   * Tells that {@code zeros} read as zeros: if they take space that the disk can give back, it does
   * so. Nothing else changes, so this can be called again and at any time. A pass that writes tells
   * of itself before.
   *
   * @throws FencedException if a newer holder is known and there would be something to do
   */
  default void giveBack(ByteRange zeros) throws IOException {}

  /**
   * Makes everything written so far survive a crash of the machine that holds the disk. Once the
   * device could not write something out, every later call fails too, until the disk is opened
   * again: what was written since the last success may be lost then, and is written again.
   *
   * @throws FencedException if a newer holder is known; what was written may be discarded
   */
  void flush() throws IOException;

  /**
   * Where this sink remembers how far the transfer into it came, if it does. It belongs to one
   * source at one moment, which whoever opened the sink has named.
   */
  default Optional<TransferJournal> journal() {
    return Optional.empty();
  }

  /**
   * The tags of what the disk holds, if this sink keeps them from one pass to the next. A write
   * outside of a pass that they were told of makes them useless.
   */
  default Optional<StoredTags> storedTags() {
    return Optional.empty();
  }

  /** Gives the disk back without flushing. Closing again does nothing. */
  @Override
  void close() throws IOException;
}
