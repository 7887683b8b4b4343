package io.switchback.lab;

import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskSourceContract;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LabDiskSourceTest extends DiskSourceContract {
  @TempDir Path directory;
  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws Exception {
    if (daemon == null) {
      daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
      client = LabClient.of(directory);
    }
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    daemon.close();
  }

  @Override
  protected int capacityBytes() {
    return 9 * Layer.GRAIN;
  }

  @Override
  protected DiskSource open(byte[] content) throws Exception {
    start();
    client.createVm(LabFixture.idle("web", content.length), null);
    try (DiskConnection disk = client.openDisk("web", "disk-0")) {
      for (int at = 0; at < content.length; at += Layer.GRAIN) {
        byte[] leaf = Arrays.copyOfRange(content, at, at + Layer.GRAIN);
        if (!Arrays.equals(leaf, new byte[Layer.GRAIN])) {
          disk.write(at, ByteBuffer.wrap(leaf), null);
        }
        // Leaves in several layers, so that the chain is read and not one file.
        if (at == 2 * Layer.GRAIN) {
          client.createSnapshot("web", "earlier", false, null);
        }
      }
    }
    client.createSnapshot("web", "point", false, null);
    return LabDiskSource.open(directory, "web", "disk-0", "point");
  }

  @Override
  protected void writeToLiveDisk(long offsetBytes, byte[] bytes) {
    try (DiskConnection disk = client.openDisk("web", "disk-0")) {
      disk.write(offsetBytes, ByteBuffer.wrap(bytes), null);
    }
    client.flush("web", "disk-0", null);
    // A merge goes on below the reader's feet.
    if (client.snapshots("web").size() > 1) {
      client.removeSnapshot("web", "earlier", null);
    }
  }
}
