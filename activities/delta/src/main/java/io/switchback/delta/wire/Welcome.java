package io.switchback.delta.wire;

import io.switchback.delta.DiskSource;
import io.switchback.delta.tag.TagAlgorithm;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The answer to a hello.
 *
 * @param capacityBytes of the disk
 * @param creditBytes that the peer may have under way at once
 * @param algorithm of tags that is fast where the disk is
 */
record Welcome(int version, long capacityBytes, int creditBytes, TagAlgorithm algorithm) {
  static final int BYTES = 15;
  private static final byte POLY1305 = 1;
  private static final byte GMAC = 2;

  Welcome(DiskSource disk, WireSettings settings) {
    this(Hello.VERSION, disk.capacityBytes(), settings.creditBytes(), disk.tagAlgorithm());
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putShort((short) version)
        .putLong(capacityBytes)
        .putInt(creditBytes)
        .put(algorithm == TagAlgorithm.POLY1305 ? POLY1305 : GMAC)
        .array();
  }

  static Welcome decode(byte[] payload) throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    try {
      Welcome welcome =
          new Welcome(
              Short.toUnsignedInt(bytes.getShort()),
              bytes.getLong(),
              bytes.getInt(),
              algorithm(bytes.get()));
      if (bytes.hasRemaining()
          || welcome.version != Hello.VERSION
          || welcome.capacityBytes <= 0
          || welcome.creditBytes < Requests.MOST_READ_BYTES) {
        throw new ProtocolException("the welcome makes no sense");
      }
      return welcome;
    } catch (BufferUnderflowException tooShort) {
      throw new ProtocolException("the welcome is too short");
    }
  }

  private static TagAlgorithm algorithm(byte number) throws ProtocolException {
    return switch (number) {
      case POLY1305 -> TagAlgorithm.POLY1305;
      case GMAC -> TagAlgorithm.GMAC;
      default -> throw new ProtocolException("there are no tags of kind " + number);
    };
  }
}
