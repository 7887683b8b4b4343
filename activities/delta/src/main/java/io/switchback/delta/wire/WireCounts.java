package io.switchback.delta.wire;

import java.util.concurrent.atomic.LongAdder;

/** What one stream, or all streams of a server, sent and received. */
public final class WireCounts {
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder tags = new LongAdder();
  private final LongAdder data = new LongAdder();
  private final LongAdder packed = new LongAdder();

  void sent(FrameKind kind, int bytes) {
    sent.add(bytes);
    countTags(kind, bytes);
  }

  void received(FrameKind kind, int bytes) {
    received.add(bytes);
    countTags(kind, bytes);
  }

  private void countTags(FrameKind kind, int bytes) {
    if (kind == FrameKind.KEY || kind == FrameKind.TAGS || kind == FrameKind.TAGS_ANSWER) {
      tags.add(bytes);
    }
  }

  void data(int dataBytes, int packedBytes) {
    data.add(dataBytes);
    packed.add(packedBytes);
  }

  /**
   * The counts so far, all in bytes, before TLS.
   *
   * @param sentBytes by this end, with heads
   * @param receivedBytes by this end, with heads
   * @param tagBytes of both, frames that ask for tags or answer them
   * @param dataBytes of the disk that travelled, as they stand on the disk
   * @param packedBytes that they took on the wire: zeros are not sent, and what pays is compressed
   */
  public record Snapshot(
      long sentBytes, long receivedBytes, long tagBytes, long dataBytes, long packedBytes) {}

  /** The counts so far. */
  public Snapshot snapshot() {
    return new Snapshot(sent.sum(), received.sum(), tags.sum(), data.sum(), packed.sum());
  }
}
