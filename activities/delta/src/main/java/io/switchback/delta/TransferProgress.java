package io.switchback.delta;

/**
 * Where a transfer stands.
 *
 * @param phase what it does now
 * @param doneBytes bytes of the disk dealt with in this phase, holes included
 * @param totalBytes bytes of the disk to deal with in this phase
 * @param outlook how far it is over all phases, and how long it takes
 */
public record TransferProgress(
    Phase phase, long doneBytes, long totalBytes, TransferFigures figures, Outlook outlook) {

  /** The phases, in their order; a transfer goes through those that it needs. */
  public enum Phase {
    /** A change list, or what is stored of the sink, is held against a random sample. */
    AUDIT,
    /** Both sides are read, or the source alone where the sink has stored what it holds. */
    COMPARE,
    COPY,
    FLUSH,
    PROOF
  }

  /** Bytes read from the source so far. */
  public long readBytes() {
    return figures.readBytes();
  }

  /** Bytes written to the sink so far: no holes, no zeros. */
  public long sentBytes() {
    return figures.sentBytes();
  }
}
