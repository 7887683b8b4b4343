package io.switchback.delta.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.Grant.Direction;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Grants as bytes: version (1), direction (1), range (8, 8), fence (8, 8, 8, 4), not before and
 * expiry (8, 8, milliseconds since 1970), then transfer, holder, site, vm, disk and snapshot, each
 * as its length (2) and UTF-8; numbers big-endian. The signature (64) follows.
 *
 * <p>There is one way only to write a grant: what decodes, encodes to the same bytes.
 */
final class GrantCodec {
  static final byte VERSION = 1;
  static final int SIGNATURE_BYTES = 64;
  static final int MOST_BYTES = 4096;

  /** Keeps a signature over a grant from being one over anything else. */
  private static final byte[] CONTEXT = "switchback grant\0".getBytes(UTF_8);

  private GrantCodec() {}

  /** Why bytes are no grant. */
  static final class NoGrant extends Exception {
    private static final long serialVersionUID = 1;

    NoGrant(String why) {
      super(why);
    }
  }

  /** The grant without its signature. */
  static byte[] encode(Grant grant) {
    ByteBuffer out =
        ByteBuffer.allocate(MOST_BYTES - SIGNATURE_BYTES)
            .put(VERSION)
            .put((byte) (grant.direction() == Direction.READ ? 1 : 2))
            .putLong(grant.range().offsetBytes())
            .putLong(grant.range().lengthBytes())
            .putLong(grant.fence().generation())
            .putLong(grant.fence().epoch())
            .putLong(grant.fence().step())
            .putInt(grant.fence().attempt())
            .putLong(grant.notBefore().toEpochMilli())
            .putLong(grant.expiresAt().toEpochMilli());
    put(out, grant.transfer());
    put(out, grant.holder());
    put(out, grant.disk().site());
    put(out, grant.disk().vm());
    put(out, grant.disk().disk());
    put(out, grant.disk().snapshot());
    return Arrays.copyOf(out.array(), out.position());
  }

  /** What a signature is made over. */
  static byte[] signed(byte[] encoded) {
    return ByteBuffer.allocate(CONTEXT.length + encoded.length).put(CONTEXT).put(encoded).array();
  }

  /**
   * Reads a grant without its signature.
   *
   * @throws NoGrant if a single byte could not be so
   */
  static Grant decode(byte[] encoded) throws NoGrant {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    try {
      if (in.get() != VERSION) {
        throw new NoGrant("it is of another version");
      }
      Direction direction =
          switch (in.get()) {
            case 1 -> Direction.READ;
            case 2 -> Direction.WRITE;
            default -> throw new NoGrant("it has no direction");
          };
      ByteRange range = new ByteRange(in.getLong(), in.getLong());
      TransferFence fence =
          new TransferFence(in.getLong(), in.getLong(), in.getLong(), in.getInt());
      Instant notBefore = Instant.ofEpochMilli(in.getLong());
      Instant expiresAt = Instant.ofEpochMilli(in.getLong());
      String transfer = text(in);
      String holder = text(in);
      GrantedDisk disk = new GrantedDisk(text(in), text(in), text(in), text(in));
      if (in.hasRemaining()) {
        throw new NoGrant("%d bytes follow its end".formatted(in.remaining()));
      }
      return new Grant(transfer, holder, disk, direction, range, fence, notBefore, expiresAt);
    } catch (BufferUnderflowException short_) {
      throw new NoGrant("it is cut off");
    } catch (CharacterCodingException malformed) {
      throw new NoGrant("a name in it is not UTF-8");
    } catch (IllegalArgumentException | ArithmeticException impossible) {
      throw new NoGrant("a value in it cannot be: " + impossible.getMessage());
    }
  }

  private static void put(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    out.putShort((short) bytes.length).put(bytes);
  }

  private static String text(ByteBuffer in) throws NoGrant, CharacterCodingException {
    int length = Short.toUnsignedInt(in.getShort());
    if (length > Words.MOST_BYTES) {
      throw new NoGrant("a name in it has %d bytes".formatted(length));
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    return UTF_8.newDecoder().decode(bytes).toString();
  }
}
