package io.switchback.delta;

import java.time.Duration;

/**
 * What a transfer did.
 *
 * @param rung how the bytes to send were found
 * @param reason why that rung and no cheaper one, as a clause
 * @param coveredBytes bytes of the disk that were dealt with, holes included
 * @param figures what it moved
 * @param auditedLeaves random leaves outside the change list, or of the sink where its stored
 *     digests were used, that were found as they should be
 * @param proof what was compared afterwards
 * @param copyTime from the first read to the end of the last flush
 * @param proofTime from there to the end of the comparison
 */
public record TransferResult(
    Rung rung,
    String reason,
    long coveredBytes,
    TransferFigures figures,
    int auditedLeaves,
    Proof proof,
    Duration copyTime,
    Duration proofTime) {

  /** Bytes read from the source. */
  public long readBytes() {
    return figures.readBytes();
  }

  /** Bytes written to the sink: no holes, no zeros. */
  public long sentBytes() {
    return figures.sentBytes();
  }
}
