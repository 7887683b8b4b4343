package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.delta.DiskSource;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.WireFault;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabServedDisksTest {
  @TempDir Path directory;

  @Test
  void opensTheDisksOfSnapshotsAndSaysWhichAreNotThere() throws Exception {
    try (LabDaemon daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
        LabClient client = LabClient.of(directory);
        LabSites sites = new LabSites(Map.of("berlin", client))) {
      client.createVm(LabFixture.idle("web", 2L * Layer.GRAIN), null);
      client.createSnapshot("web", "point", false, null);
      LabServedDisks served = new LabServedDisks(sites);

      try (DiskSource disk = served.open(new GrantedDisk("berlin", "web", "disk-0", "point"))) {
        assertThat(disk.capacityBytes()).isEqualTo(2L * Layer.GRAIN);
      }
      assertThat(fault(served, new GrantedDisk("berlin", "web", "disk-0", "gone")))
          .isEqualTo(WireFault.NO_SUCH_SNAPSHOT);
      assertThat(fault(served, new GrantedDisk("berlin", "web", "disk-9", "point")))
          .isEqualTo(WireFault.NO_SUCH_DISK);
      assertThat(fault(served, new GrantedDisk("bremen", "web", "disk-0", "point")))
          .isEqualTo(WireFault.READ_FAILED);
    }
  }

  private static WireFault fault(LabServedDisks served, GrantedDisk disk) {
    return catchThrowableOfType(RefusedException.class, () -> served.open(disk)).fault();
  }
}
