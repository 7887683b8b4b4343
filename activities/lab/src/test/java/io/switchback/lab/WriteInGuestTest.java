package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteInGuestTest {
  private static final byte[] TEXT = {1, 2, 3, 4, 5};

  @TempDir Path directory;

  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws Exception {
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
    client = LabClient.of(directory);
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    daemon.close();
  }

  @Test
  void aProgramInTheGuestWritesAndFlushes() {
    client.powerOn("web", null);
    LabFixture.await("tools ready", () -> client.look("web").toolsReady());

    client.writeInGuest("web", "disk-0", 4096, TEXT);

    client.powerOff("web", null);
    try (DiskConnection disk = client.openDisk("web", "disk-0")) {
      assertThat(LabFixture.read(disk, null, 4096, TEXT.length)).isEqualTo(TEXT);
    }
    assertThat(LabFixture.effects(directory).stream().map(Effect::kind)).contains("flushed");
  }

  @Test
  void aGuestThatDoesNotRunWritesNothing() {
    assertThatThrownBy(() -> client.writeInGuest("web", "disk-0", 4096, TEXT))
        .isInstanceOfSatisfying(
            LabException.class, e -> assertThat(e.fault()).isEqualTo("TOOLS_NOT_RUNNING"))
        .hasMessageContaining("has not booted");
  }
}
