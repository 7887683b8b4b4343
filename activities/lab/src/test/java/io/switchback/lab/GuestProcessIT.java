package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest in a process of its own does what one inside the daemon does. */
@Tag("process")
class GuestProcessIT {
  @TempDir Path directory;
  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws IOException {
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
    client = LabClient.of(directory);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private long count(String kind) {
    return LabFixture.effects(directory).stream().filter(e -> e.kind().equals(kind)).count();
  }

  @Test
  void writesQuiescesShutsDownAndGoesOnNumbering() {
    client.createVm(
        LabFixture.vm(
            "web", LabFixture.MIB, new GuestDefinition(200.0, 5, null, true, GuestKind.PROCESS)),
        null);
    client.powerOn("web", null);
    LabFixture.await("records", () -> count("written") > 20);
    assertThat(client.createSnapshot("web", "one", true, null).quiesced()).isTrue();
    long before = count("written");
    LabFixture.await("records after the thaw", () -> count("written") > before + 5);
    client.shutDown("web", null);
    long last = count("written");
    client.powerOn("web", null);
    LabFixture.await("second boot", () -> count("booted") == 2);
    assertThat(
            LabFixture.effects(directory).stream()
                .filter(e -> e.kind().equals("booted"))
                .map(Effect::record))
        .containsExactly(0L, last);
    client.powerOff("web", null);
    assertThat(client.look("web").service()).isNull();
  }
}
