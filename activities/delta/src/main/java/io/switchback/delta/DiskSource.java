package io.switchback.delta;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads one disk as it stood at one moment: a snapshot, or a disk that nobody writes.
 *
 * <p>May be used by several threads at once. A call ends in bounded time. An {@link IOException}
 * may pass: the caller may call again.
 */
public interface DiskSource extends TaggedDisk, Closeable {

  /**
   * Fills {@code into}, from its position to its limit, with the bytes from {@code offsetBytes} on.
   * The same bytes come each time, whatever is written to the live disk meanwhile. Bytes never
   * written are zero.
   *
   * @throws IllegalArgumentException if that reaches beyond the end of the disk; nothing is read
   */
  void read(long offsetBytes, ByteBuffer into) throws IOException;

  /**
   * What is read here, at its moment, in one line: the same line, the same bytes, at whatever end
   * and however often it is opened. Empty when that cannot be told; a transfer from such a source
   * begins anew each time, unless somebody else names it.
   */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /**
   * Tells that these ranges will be read soon, each by one call of {@link #read}, in this order. A
   * hint: a source that is far away asks for them ahead.
   */
  default void expect(List<ByteRange> reads) {}

  /** Tags that were asked for. */
  interface AskedTags {
    /** Waits until they are made, and answers what {@link #tags} would have. To be called once. */
    byte[] await() throws IOException;
  }

  /**
   * Asks for {@link #tags}. A source that is far away makes them while the caller does something
   * else; whoever asks awaits them, or gives the source up.
   */
  default AskedTags askTags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return () -> tags(key, level, ranges);
  }

  /**
   * The parts of {@code within} that may hold something other than zeros: ascending, apart from
   * each other, and inside {@code within}. A source that cannot tell answers {@code within} itself.
   *
   * @throws IllegalArgumentException if {@code within} reaches beyond the end of the disk
   */
  List<ByteRange> allocated(ByteRange within) throws IOException;

  /**
   * The parts of {@code within} that may differ from what the disk held when the platform gave out
   * {@code changeId}, never less: ascending, and inside {@code within}.
   *
   * @throws ChangesUnknownException if that cannot be told: there is no change tracking, or it was
   *     reset since
   * @throws IllegalArgumentException if {@code within} reaches beyond the end of the disk
   */
  default List<ByteRange> changedSince(String changeId, ByteRange within) throws IOException {
    throw new ChangesUnknownException("this disk keeps no list of what changed");
  }

  /**
   * Bytes that were read so far to answer {@link #tags}. Neither holes count nor what was still
   * known.
   */
  long taggedBytes();

  /**
   * Bytes that travelled so far between this source and a disk that is far away, both directions,
   * as they were sent; nothing where the disk is near.
   */
  default OptionalLong travelledBytes() {
    return OptionalLong.empty();
  }

  /** Bytes that are asked for ahead now, see {@link #expect}; 0 where the disk is near. */
  default long aheadBytes() {
    return 0;
  }

  /**
   * Bytes that may be read of the device at once now, as many as make it faster; 0 where nothing
   * was read past the cache, or the disk is far away.
   */
  default long underWayBytes() {
    return 0;
  }

  /** Gives the disk back. Closing again does nothing. */
  @Override
  void close() throws IOException;
}
