package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command hears of every change of a VM's power, and who it fails for hears of it. */
@Tag("process")
class PowerHookTest {
  @TempDir Path directory;

  private Path heard;
  private Path refused;
  private String told;
  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws IOException {
    heard = directory.resolve("heard");
    refused = directory.resolve("refused");
    Path command = directory.resolve("it's a command");
    Files.writeString(
        command,
        """
        [ ! -e '%s' ] || { echo "no $1 today" >&2; exit 3; }
        echo "$@" >>'%s'
        """
            .formatted(refused, heard));
    told = "sh '" + command.toString().replace("'", "'\\''") + "' told";
    serve();
    client.createVm(LabFixture.idle("web-01", LabFixture.MIB), null);
    Files.writeString(heard, "");
  }

  private void serve() throws IOException {
    Path site = directory.resolve("site");
    daemon = LabDaemon.start(new LabSettings("berlin", site, 0, null, told));
    client = LabClient.of(site);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private List<String> heard() throws IOException {
    return Files.readAllLines(heard);
  }

  @Test
  void hearsOfEachWayToGoOnAndOff() throws IOException {
    client.powerOn("web-01", null);
    client.powerOff("web-01", null);
    client.powerOn("web-01", null);
    LabFixture.await("tools ready", () -> client.look("web-01").toolsReady());
    client.shutDown("web-01", null);
    SnapshotView point = client.createSnapshot("web-01", "point", false, null);
    client.powerOn("web-01", null);
    client.revert("web-01", point.id(), null);

    assertThat(heard())
        .containsExactly(
            "told on web-01",
            "told off web-01",
            "told on web-01",
            "told off web-01",
            "told on web-01",
            "told off web-01");
  }

  @Test
  void whatRanWhenTheSiteEndedIsOff() throws IOException {
    client.powerOn("web-01", null);

    stop();

    assertThat(heard()).containsExactly("told on web-01", "told off web-01");
    // As after a crash, of which nobody could tell.
    serve();
    assertThat(heard()).hasSize(3).endsWith("told off web-01");
  }

  @Test
  void aPowerOnThatNobodyCouldBeToldOfHasNotHappened() throws IOException {
    Files.writeString(refused, "");

    assertThatThrownBy(() -> client.powerOn("web-01", null))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("was told 'on web-01', and ended with exit code 3: no told today");
    assertThat(client.look("web-01").power()).isEqualTo(PowerState.OFF);

    Files.delete(refused);
    client.powerOn("web-01", null);
    assertThat(heard()).containsExactly("told on web-01");
  }

  @Test
  void aPowerOffThatNobodyCouldBeToldOfHasNotHappened() throws IOException {
    client.powerOn("web-01", null);
    Files.writeString(refused, "");

    assertThatThrownBy(() -> client.powerOff("web-01", null))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("was told 'off web-01'");
    assertThat(client.look("web-01").power()).isEqualTo(PowerState.ON);

    Files.delete(refused);
    client.powerOff("web-01", null);
    assertThat(heard()).containsExactly("told on web-01", "told off web-01");
  }
}
