package io.switchback.delta.wire;

import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskSourceContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** The other site's disk keeps every promise of a disk of this site. */
class RemoteSourceTest extends DiskSourceContract {
  private Loopback loopback;

  @Override
  protected DiskSource open(byte[] content) throws Exception {
    loopback = Loopback.of(new ArrayDisk(content));
    return loopback.open(content.length);
  }

  @AfterEach
  void stop() throws IOException {
    loopback.close();
  }
}
