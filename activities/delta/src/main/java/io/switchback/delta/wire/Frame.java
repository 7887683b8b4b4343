package io.switchback.delta.wire;

/**
 * One frame, whose checksum was right.
 *
 * @param id of the request that it is or answers; 0 where it concerns the whole stream
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes of a message: nobody compares them.
record Frame(FrameKind kind, int id, byte[] payload) {}
