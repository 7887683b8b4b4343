package io.switchback.lab;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities;
import io.switchback.port.RoomContract;
import io.switchback.port.RoomFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Lab sites keep every promise about room. */
final class LabRoomContractTest extends RoomContract {
  private static final String DISK = "disk-0";

  @Override
  protected RoomFixture open() throws IOException {
    return new Site();
  }

  private static final class Site implements RoomFixture {
    private final Path directory = Files.createTempDirectory("lab-room");
    private final LabDaemon daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
    private final LabClient client = LabClient.of(directory);
    private final LabSites sites = new LabSites(Map.of("berlin", client));
    private long written;
    private boolean broken;

    Site() throws IOException {
      VmDefinition idle = LabFixture.idle("web-01", 64 * LabFixture.MIB);
      client.createVm(
          idle.with(VmChange.none().cpus(2).memoryBytes(1L << 30))
              .with(List.of(DiskDefinition.empty(DISK, 64 * LabFixture.MIB))),
          null);
    }

    @Override
    public RoomActivities rooms() {
      return new LabRoomActivities(sites);
    }

    @Override
    public VmRef vm() {
      return new VmRef("berlin", "web-01", "web-01");
    }

    @Override
    public void power(VmRef vm, PowerState power) {
      if (power == PowerState.ON) {
        client.powerOn(vm.id(), null);
      } else {
        client.powerOff(vm.id(), null);
      }
    }

    @Override
    public void write(VmRef vm, int bytes) {
      try (DiskConnection disk = client.openDisk(vm.id(), DISK)) {
        disk.write(
            written, ByteBuffer.wrap(LabFixture.random(new java.util.Random(1), bytes)), null);
      }
      client.flush(vm.id(), DISK, null);
      written += bytes;
    }

    @Override
    public void breakSite() {
      broken = true;
      closing(daemon::close);
    }

    @Override
    public void close() {
      if (!broken) {
        closing(daemon::close);
      }
      sites.close();
      closing(() -> Trees.delete(directory));
    }

    private interface Closing {
      void run() throws IOException;
    }

    private static void closing(Closing closing) {
      try {
        closing.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
