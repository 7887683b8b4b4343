package io.switchback.delta.wire;

/** The same for a disk of several segments, whose questions are answered in parts. */
class BigRemoteSourceTest extends RemoteSourceTest {
  @Override
  protected int capacityBytes() {
    return 3 * 1024 * 1024 + 4096;
  }
}
