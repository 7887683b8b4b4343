package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSinkContract;
import io.switchback.delta.DiskSource;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LabDiskSinkTest extends DiskSinkContract {
  @TempDir Path directory;
  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws Exception {
    if (daemon == null) {
      daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
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
  protected DiskSink open(int capacityBytes) throws Exception {
    start();
    client.createVm(LabFixture.idle("web", capacityBytes), null);
    return LabDiskSink.open(client, "web", "disk-0", LabFixture.stamp("cycle", 3, 1));
  }

  @Override
  protected DiskSource look() {
    DiskConnection connection = client.openDisk("web", "disk-0");
    return new DiskSource() {
      @Override
      public long capacityBytes() {
        return 9 * Layer.GRAIN;
      }

      @Override
      public void read(long offsetBytes, ByteBuffer into) {
        connection.read(null, offsetBytes, into);
      }

      @Override
      public List<ByteRange> allocated(ByteRange within) {
        return List.of(within);
      }

      @Override
      public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) {
        return connection.tags(key, level, ranges);
      }

      @Override
      public long taggedBytes() {
        return 0;
      }

      @Override
      public void close() {
        connection.close();
      }
    };
  }

  @Override
  protected void raiseFence() {
    client.fence("web", LabFixture.stamp("failover", 4, 1));
  }

  @Override
  protected void damage(long offsetBytes) throws IOException {
    Path disk = directory.resolve("vms/web/disks/disk-0");
    try (var files = Files.list(disk)) {
      Path data = files.filter(file -> file.toString().endsWith(".data")).findFirst().orElseThrow();
      try (FileChannel file =
          FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        file.read(one, offsetBytes);
        file.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), offsetBytes);
      }
    }
  }
}
