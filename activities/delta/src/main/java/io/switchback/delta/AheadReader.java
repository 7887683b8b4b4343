package io.switchback.delta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads stretches of a disk of this machine part by part. Where a device has to be waited for, the
 * next two parts come from it while the caller works on the last one: when one has come, the device
 * is busy with the other until somebody asks for more. What the cache holds would only be handed
 * from thread to thread. For use by one thread.
 */
final class AheadReader implements AutoCloseable {
  private static final int AHEAD = 2;

  /**
   * Of the array: one for what the caller works on, one for each part that comes, and one by which
   * they are of whole leaves.
   */
  private static final int SLOTS = AHEAD + 2;

  static final int PART_BYTES = ReadArrays.BYTES / SLOTS;

  /** Of platform threads: a read of the device would hold the carrier of a virtual one. */
  private static final ExecutorService READERS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("read-ahead-", 0).factory());

  private final DiskSource disk;
  private final byte[] bytes = ReadArrays.take();
  private final Deque<Coming> coming = new ArrayDeque<>();
  private List<ByteRange> allocated = List.of();
  private long nextByte;
  private long endBytes;
  private int lastSlot;
  private int start;

  /**
   * @param start where it comes to in the array
   */
  private record Coming(int start, CompletableFuture<Void> read) {}

  AheadReader(DiskSource disk) {
    this.disk = disk;
  }

  /** What is read next are the parts of {@code whole}, from its start to its end. */
  void begin(ByteRange whole) throws IOException {
    settle();
    nextByte = whole.offsetBytes();
    endBytes = whole.endBytes();
    allocated = disk.allocated(whole);
    askAhead();
  }

  /**
   * Reads the next part, {@link #PART_BYTES} or what is left of the whole. Answers false for a
   * hole, and reads nothing then.
   */
  boolean read(ByteRange part) throws IOException {
    if (!isData(part)) {
      return false;
    }
    Coming asked = coming.poll();
    if (asked == null) {
      start = lastSlot * PART_BYTES;
      read(part, start);
      nextByte = part.endBytes();
    } else {
      await(asked);
      start = asked.start();
    }
    askAhead();
    return true;
  }

  /** Where the part that was read last is. */
  byte[] bytes() {
    return bytes;
  }

  /** The index of a byte of the part that was read last. */
  int at(int ofPart) {
    return start + ofPart;
  }

  private void askAhead() {
    while (coming.size() < AHEAD && nextByte < endBytes && disk.underWayBytes() > 0) {
      ByteRange part = ByteRange.between(nextByte, Math.min(nextByte + PART_BYTES, endBytes));
      if (isData(part)) {
        lastSlot = (lastSlot + 1) % SLOTS;
        int to = lastSlot * PART_BYTES;
        coming.add(new Coming(to, CompletableFuture.runAsync(() -> ahead(part, to), READERS)));
      }
      nextByte = part.endBytes();
    }
  }

  private boolean isData(ByteRange part) {
    return allocated.stream().anyMatch(data -> data.intersection(part).isPresent());
  }

  private void read(ByteRange part, int to) throws IOException {
    disk.read(part.offsetBytes(), ByteBuffer.wrap(bytes, to, (int) part.lengthBytes()));
  }

  private void ahead(ByteRange part, int to) {
    try {
      read(part, to);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A read ends by itself, so this does too. */
  private static void await(Coming asked) throws IOException {
    try {
      var _ = asked.read().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof UncheckedIOException io) {
        throw io.getCause();
      }
      throw failed;
    }
  }

  /** Nothing writes into the array any more; what could not be read nobody has asked for. */
  private void settle() {
    for (Coming asked = coming.poll(); asked != null; asked = coming.poll()) {
      var _ = asked.read().exceptionally(_ -> null).join();
    }
  }

  @Override
  public void close() {
    settle();
    ReadArrays.giveBack(bytes);
  }
}
