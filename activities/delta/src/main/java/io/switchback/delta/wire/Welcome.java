package io.switchback.delta.wire;

import io.switchback.delta.DiskSource;
import io.switchback.delta.tag.TagAlgorithm;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The answer to a hello.
 *
 * @param capacityBytes of the disk
 * @param creditBytes that the peer may have under way at once
 * @param algorithm of tags that is fast where the disk is
 * @param identity of what is served, see {@link DiskSource#identity}
 */
record Welcome(
    int version,
    long capacityBytes,
    int creditBytes,
    TagAlgorithm algorithm,
    Optional<String> identity) {
  private static final int FIXED_BYTES = 17;
  private static final int MOST_IDENTITY_BYTES = 1024;
  static final int MOST_BYTES = FIXED_BYTES + MOST_IDENTITY_BYTES;
  private static final byte POLY1305 = 1;
  private static final byte GMAC = 2;

  Welcome(DiskSource disk, WireSettings settings) {
    this(
        Hello.VERSION,
        disk.capacityBytes(),
        settings.creditBytes(),
        disk.tagAlgorithm(),
        disk.identity());
  }

  byte[] encode() {
    byte[] identified = identity.orElse("").getBytes(StandardCharsets.UTF_8);
    if (identified.length > MOST_IDENTITY_BYTES) {
      throw new IllegalStateException("A disk's identity is too long: '" + identity + "'.");
    }
    return ByteBuffer.allocate(FIXED_BYTES + identified.length)
        .putShort((short) version)
        .putLong(capacityBytes)
        .putInt(creditBytes)
        .put(algorithm == TagAlgorithm.POLY1305 ? POLY1305 : GMAC)
        .putShort((short) identified.length)
        .put(identified)
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
              algorithm(bytes.get()),
              identity(bytes));
      if (bytes.hasRemaining()
          || welcome.version != Hello.VERSION
          || welcome.capacityBytes <= 0
          || welcome.creditBytes < Requests.MOST_READ_BYTES
          || welcome.creditBytes > WireSettings.MOST_CREDIT_BYTES) {
        throw new ProtocolException("the welcome makes no sense");
      }
      return welcome;
    } catch (BufferUnderflowException tooShort) {
      throw new ProtocolException("the welcome is too short");
    }
  }

  /** The same for one who wants no more than that in memory, whatever a peer would bear. */
  Welcome withCreditOfAtMost(int mostBytes) {
    return new Welcome(
        version, capacityBytes, Math.min(creditBytes, mostBytes), algorithm, identity);
  }

  private static Optional<String> identity(ByteBuffer bytes) throws ProtocolException {
    int length = Short.toUnsignedInt(bytes.getShort());
    if (length > bytes.remaining()) {
      throw new ProtocolException("the welcome is too short");
    }
    byte[] identified = new byte[length];
    bytes.get(identified);
    String identity = new String(identified, StandardCharsets.UTF_8);
    if (identity.codePoints().anyMatch(Character::isISOControl)) {
      throw new ProtocolException("the welcome makes no sense");
    }
    return identity.isBlank() ? Optional.empty() : Optional.of(identity);
  }

  private static TagAlgorithm algorithm(byte number) throws ProtocolException {
    return switch (number) {
      case POLY1305 -> TagAlgorithm.POLY1305;
      case GMAC -> TagAlgorithm.GMAC;
      default -> throw new ProtocolException("there are no tags of kind " + number);
    };
  }
}
