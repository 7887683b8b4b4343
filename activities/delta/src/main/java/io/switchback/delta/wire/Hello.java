package io.switchback.delta.wire;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.GrantedDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The first frame of a stream.
 *
 * @param grant as the control side signed it; empty where none is asked for
 * @param range of the disk to be read: all of the disk that it shall be copied to
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes of a message: nobody compares them.
record Hello(int version, GrantedDisk disk, byte[] grant, ByteRange range) {
  static final int VERSION = 1;
  static final int MOST_BYTES = 16 * 1024;
  private static final int MAGIC = 0x53424450;
  private static final int MOST_GRANT_BYTES = 8 * 1024;

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeShort(version);
      out.writeUTF(disk.site());
      out.writeUTF(disk.vm());
      out.writeUTF(disk.disk());
      out.writeUTF(disk.snapshot());
      out.writeLong(range.offsetBytes());
      out.writeLong(range.lengthBytes());
      out.writeShort(grant.length);
      out.write(grant);
    } catch (IOException impossible) {
      throw new IllegalStateException("Memory takes every byte.", impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws RefusedException OTHER_PROTOCOL
   * @throws ProtocolException if it is no hello of this version
   */
  static Hello decode(byte[] payload) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
      if (in.readInt() != MAGIC) {
        throw new ProtocolException("the first frame is no hello");
      }
      int version = in.readUnsignedShort();
      if (version != VERSION) {
        // Nothing behind the version can be trusted to mean what it means here.
        throw new RefusedException(
            WireFault.OTHER_PROTOCOL,
            "Could not open the disk: the worker that dials speaks version %d of the protocol, and this one speaks %d. Bring the workers of both sites to the same release, then retry."
                .formatted(version, VERSION));
      }
      GrantedDisk disk = new GrantedDisk(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
      ByteRange range = new ByteRange(in.readLong(), in.readLong());
      int length = in.readUnsignedShort();
      byte[] grant = in.readNBytes(length);
      if (grant.length < length || length > MOST_GRANT_BYTES || in.read() >= 0) {
        throw new ProtocolException("the first frame is too long or too short");
      }
      return new Hello(version, disk, grant, range);
    } catch (ProtocolException | RefusedException refused) {
      throw refused;
    } catch (IOException | IllegalArgumentException malformed) {
      throw new ProtocolException("the first frame makes no sense");
    }
  }

  @Override
  public String toString() {
    return "Hello[version=%d, disk=%s, range=%s]".formatted(version, disk, range);
  }
}
