package io.switchback.delta.wire;

import io.switchback.delta.ByteRange;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.trust.GrantedDisk;
import java.io.IOException;
import java.util.Optional;

/** Decides whether a peer may read a disk. Asked before the disk is even looked for. */
@FunctionalInterface
public interface Gate {

  /**
   * What a peer asks for.
   *
   * @param grant that it presents, as bytes that nobody has looked at
   * @param range of the disk that it will read
   * @param site that it has proven to be of; empty on a plain stream within this machine
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes of a message: nobody compares them.
  record Opening(GrantedDisk disk, byte[] grant, ByteRange range, Optional<String> site) {}

  /**
   * Answers what to ask before every request of the stream.
   *
   * @throws IOException if the peer may not; the message travels to it
   */
  FenceCheck admit(Opening opening) throws IOException;
}
