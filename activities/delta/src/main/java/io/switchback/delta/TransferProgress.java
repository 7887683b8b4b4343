package io.switchback.delta;

/**
 * Where a transfer stands.
 *
 * @param phase what it does now
 * @param doneBytes bytes of the disk dealt with in this phase, holes included
 * @param totalBytes bytes of the disk to deal with in each phase
 * @param readBytes bytes read from the source so far
 * @param sentBytes bytes sent to the sink so far: no holes, no zeros
 */
public record TransferProgress(
    Phase phase, long doneBytes, long totalBytes, long readBytes, long sentBytes) {

  /** The phases, in their order. */
  public enum Phase {
    COPY,
    FLUSH,
    PROOF
  }
}
