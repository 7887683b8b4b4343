package io.switchback.delta.wire;

import io.switchback.delta.ByteRange;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What may be asked within a stream, and how the questions and answers are written. */
final class Requests {
  /** One question for data asks for at most so much. */
  static final int MOST_READ_BYTES = 1024 * 1024;

  /** One question for tags stretches over at most so much of the disk, in so many ranges. */
  static final long MOST_TAGGED_BYTES = 4L * 1024 * 1024 * 1024;

  static final int MOST_RANGES = 256;

  /** More stretches of data are told as if some holes between them were none. */
  static final int MOST_ALLOCATED = 4096;

  private static final int RANGE_BYTES = 2 * Long.BYTES;

  /** The longest frame that the side that dials sends after its hello. */
  static final int MOST_REQUEST_BYTES = 1 + MOST_RANGES * RANGE_BYTES;

  static final int MOST_ALLOCATED_BYTES = MOST_ALLOCATED * RANGE_BYTES;

  /** So many changed stretches in one answer, which says how far it reaches. */
  static final int MOST_CHANGES = 4096;

  static final int MOST_CHANGES_BYTES = Long.BYTES + MOST_CHANGES * RANGE_BYTES;
  static final int MOST_REFUSAL_BYTES = 8 * 1024;

  private Requests() {}

  record Tags(TagLevel level, List<ByteRange> ranges) {
    int answerBytes() {
      return Long.BYTES
          + Tagger.TAG_BYTES
              * ranges.stream().mapToInt(range -> level.tags(range.lengthBytes())).sum();
    }
  }

  static byte[] range(ByteRange range) {
    return ranges(List.of(range));
  }

  static byte[] ranges(List<ByteRange> ranges) {
    ByteBuffer bytes = ByteBuffer.allocate(ranges.size() * RANGE_BYTES);
    ranges.forEach(range -> bytes.putLong(range.offsetBytes()).putLong(range.lengthBytes()));
    return bytes.array();
  }

  static ByteRange oneRange(byte[] payload) throws ProtocolException {
    List<ByteRange> ranges = rangesOf(ByteBuffer.wrap(payload));
    if (ranges.size() != 1) {
      throw new ProtocolException("a question names %d ranges".formatted(ranges.size()));
    }
    return ranges.getFirst();
  }

  static List<ByteRange> rangesOf(ByteBuffer payload) throws ProtocolException {
    List<ByteRange> ranges = new ArrayList<>();
    try {
      while (payload.hasRemaining()) {
        ranges.add(new ByteRange(payload.getLong(), payload.getLong()));
      }
    } catch (BufferUnderflowException | IllegalArgumentException malformed) {
      throw new ProtocolException("a range makes no sense");
    }
    return ranges;
  }

  /** Stretches of data, ascending and apart from each other. */
  static List<ByteRange> allocatedOf(byte[] payload, ByteRange within) throws ProtocolException {
    List<ByteRange> ranges = rangesOf(ByteBuffer.wrap(payload));
    long end = within.offsetBytes() - 1;
    for (ByteRange range : ranges) {
      if (range.offsetBytes() <= end || range.endBytes() > within.endBytes()) {
        throw new ProtocolException("it tells of data out of order");
      }
      end = range.endBytes();
    }
    return ranges;
  }

  static byte[] tags(Tags asked) {
    return ByteBuffer.allocate(1 + asked.ranges().size() * RANGE_BYTES)
        .put((byte) asked.level().number())
        .put(ranges(asked.ranges()))
        .array();
  }

  static byte[] key(TagKey key) {
    return key.text().getBytes(StandardCharsets.US_ASCII);
  }

  static TagKey keyOf(byte[] payload) throws ProtocolException {
    try {
      return TagKey.parse(new String(payload, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException malformed) {
      throw new ProtocolException("a key for tags makes no sense");
    }
  }

  static Tags tagsOf(byte[] payload) throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    try {
      TagLevel level = TagLevel.numbered(bytes.get());
      List<ByteRange> ranges = rangesOf(bytes);
      long length = 0;
      for (ByteRange range : ranges) {
        length = Math.addExact(length, range.lengthBytes());
      }
      if (ranges.size() > MOST_RANGES || length > MOST_TAGGED_BYTES) {
        throw new ProtocolException("a question for tags asks for too much");
      }
      return new Tags(level, List.copyOf(ranges));
    } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException malformed) {
      throw new ProtocolException("a question for tags makes no sense");
    }
  }

  record Changes(String changeId, ByteRange within) {}

  static byte[] changes(Changes asked) {
    byte[] id = asked.changeId().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(RANGE_BYTES + id.length).put(range(asked.within())).put(id).array();
  }

  static Changes changesOf(byte[] payload) throws ProtocolException {
    if (payload.length <= RANGE_BYTES) {
      throw new ProtocolException("a question for changes names no moment");
    }
    return new Changes(
        new String(payload, RANGE_BYTES, payload.length - RANGE_BYTES, StandardCharsets.UTF_8),
        oneRange(Arrays.copyOf(payload, RANGE_BYTES)));
  }

  /**
   * What changed, as far as {@code endBytes}.
   *
   * @param ranges ascending
   */
  record Changed(long endBytes, List<ByteRange> ranges) {}

  /** The first of {@code changed}, as many as one answer holds. */
  static byte[] changed(List<ByteRange> changed, ByteRange within) {
    boolean isAll = changed.size() <= MOST_CHANGES;
    List<ByteRange> first = isAll ? changed : changed.subList(0, MOST_CHANGES);
    long end = isAll ? within.endBytes() : first.getLast().endBytes();
    return ByteBuffer.allocate(Long.BYTES + first.size() * RANGE_BYTES)
        .putLong(end)
        .put(ranges(first))
        .array();
  }

  static Changed changedOf(byte[] payload, ByteRange within) throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    if (bytes.remaining() < Long.BYTES) {
      throw new ProtocolException("it tells of no changes");
    }
    long end = bytes.getLong();
    long at = within.offsetBytes();
    List<ByteRange> ranges = rangesOf(bytes);
    for (ByteRange range : ranges) {
      if (range.offsetBytes() < at || range.endBytes() > end) {
        throw new ProtocolException("it tells of changes out of order");
      }
      at = range.endBytes();
    }
    boolean isCut = end < within.endBytes();
    if (end > within.endBytes() || (isCut && ranges.size() < MOST_CHANGES)) {
      throw new ProtocolException("it tells of changes that nobody asked for");
    }
    return new Changed(end, ranges);
  }

  static byte[] refusal(WireFault fault, String sentence) {
    byte[] name = fault.name().getBytes(StandardCharsets.US_ASCII);
    byte[] words = sentence.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(words.length, MOST_REFUSAL_BYTES - 1 - name.length);
    return ByteBuffer.allocate(1 + name.length + length)
        .put((byte) name.length)
        .put(name)
        .put(words, 0, length)
        .array();
  }

  static RefusedException refusalOf(byte[] payload) throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    try {
      byte[] name = new byte[Byte.toUnsignedInt(bytes.get())];
      bytes.get(name);
      byte[] words = new byte[bytes.remaining()];
      bytes.get(words);
      return new RefusedException(
          WireFault.named(new String(name, StandardCharsets.US_ASCII)),
          new String(words, StandardCharsets.UTF_8));
    } catch (BufferUnderflowException tooShort) {
      throw new ProtocolException("a refusal makes no sense");
    }
  }
}
