package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdCompressor;
import io.airlift.compress.v3.zstd.ZstdDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdNativeCompressor;
import io.airlift.compress.v3.zstd.ZstdNativeDecompressor;
import io.switchback.delta.tag.Tagger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * How bytes of the disk travel: the CRC32C of the bytes, then per leaf its way, its length on the
 * wire where it has one, and what is left of it. For use by one thread.
 */
final class LeafCodec {
  private static final byte ZEROS = 0;
  private static final byte RAW = 1;
  private static final byte ZSTD = 2;
  private static final int PROBE_BYTES = 8 * 1024;
  private static final int LEVEL = 1;

  private final ZstdCompressor compressor =
      ZstdNativeCompressor.isEnabled() ? new ZstdNativeCompressor(LEVEL) : new ZstdJavaCompressor();
  private final ZstdDecompressor decompressor =
      ZstdNativeDecompressor.isEnabled()
          ? new ZstdNativeDecompressor()
          : new ZstdJavaDecompressor();
  private final byte[] leaf = new byte[LEAF_BYTES];
  private final byte[] packed = new byte[compressor.maxCompressedLength(LEAF_BYTES)];

  /** The most bytes that {@code length} bytes of a disk take on the wire. */
  static int mostBytes(int length) {
    return Integer.BYTES + length + (length / LEAF_BYTES + 1) * (1 + Integer.BYTES);
  }

  /**
   * @param bytes whose first {@code length} are to travel
   * @param gauge of the stream: whether compressing pays
   */
  byte[] encode(byte[] bytes, int length, CompressionGauge gauge) {
    ByteBuffer wire = ByteBuffer.allocate(mostBytes(length));
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    wire.putInt((int) crc.getValue());
    for (int at = 0; at < length; at += LEAF_BYTES) {
      int size = Math.min(LEAF_BYTES, length - at);
      System.arraycopy(bytes, at, leaf, 0, size);
      encodeLeaf(size, gauge, wire);
    }
    return Arrays.copyOf(wire.array(), wire.position());
  }

  private void encodeLeaf(int size, CompressionGauge gauge, ByteBuffer wire) {
    if (Tagger.isZero(leaf, 0, size)) {
      wire.put(ZEROS);
      return;
    }
    if (gauge.shallTry()) {
      int small = compress(size);
      gauge.tried(size, small);
      if (CompressionGauge.pays(size, small)) {
        wire.put(ZSTD).putInt(small).put(packed, 0, small);
        return;
      }
    }
    wire.put(RAW).putInt(size).put(leaf, 0, size);
  }

  /** Looks at the leaf's beginning first: what is encrypted or packed already shows it there. */
  private int compress(int size) {
    if (size > PROBE_BYTES) {
      int probe = compressor.compress(leaf, 0, PROBE_BYTES, packed, 0, packed.length);
      if (!CompressionGauge.pays(PROBE_BYTES, probe)) {
        return size;
      }
    }
    return compressor.compress(leaf, 0, size, packed, 0, packed.length);
  }

  /**
   * Fills {@code into} from its position to its limit.
   *
   * @throws ProtocolException if {@code wire} does not hold exactly that; nothing beyond the limit
   *     was written
   */
  void decode(ByteBuffer wire, ByteBuffer into) throws ProtocolException {
    ByteBuffer filled = into.duplicate();
    try {
      int crc = wire.getInt();
      while (into.hasRemaining()) {
        decodeLeaf(wire, Math.min(LEAF_BYTES, into.remaining()), into);
      }
      CRC32C found = new CRC32C();
      found.update(filled);
      if (wire.hasRemaining() || (int) found.getValue() != crc) {
        throw new ProtocolException("what arrived is not what the disk held");
      }
    } catch (BufferUnderflowException tooShort) {
      throw new ProtocolException("a frame of data is too short");
    }
  }

  private void decodeLeaf(ByteBuffer wire, int size, ByteBuffer into) throws ProtocolException {
    byte way = wire.get();
    if (way == ZEROS) {
      into.put(new byte[size]);
      return;
    }
    int length = wire.getInt();
    if (length < 0 || length > Math.min(size, wire.remaining()) || (way == RAW && length != size)) {
      throw new ProtocolException("a leaf of %d bytes takes %d".formatted(size, length));
    }
    if (way == RAW) {
      into.put(wire.slice().limit(size));
      wire.position(wire.position() + size);
      return;
    }
    wire.get(packed, 0, length);
    if (way != ZSTD || decompress(length) != size) {
      throw new ProtocolException("a leaf cannot be unpacked");
    }
    into.put(leaf, 0, size);
  }

  private int decompress(int length) throws ProtocolException {
    try {
      return decompressor.decompress(packed, 0, length, leaf, 0, leaf.length);
    } catch (MalformedInputException | IllegalArgumentException malformed) {
      throw new ProtocolException("a leaf cannot be unpacked");
    }
  }
}
