package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.lab.LabClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class LabSitesIT {
  @TempDir Path directory;
  private LabSites sites;
  private Home home;

  @BeforeEach
  void makeHome() {
    home = new Home(directory.resolve("home"));
    sites = new LabSites(home);
  }

  @AfterEach
  void stop() {
    sites.all().forEach(site -> sites.stop(site.name()));
  }

  @Test
  void aSiteAnswersAtTheSameAddressAfterAStopAndAfterAKill() {
    SiteAddress first = sites.start("berlin");
    assertThat(sites.start("berlin")).as("starting what runs").isEqualTo(first);
    assertThat(nameOf(first)).isEqualTo("berlin");

    assertThat(sites.stop("berlin")).isTrue();
    assertThat(sites.isRunning("berlin")).isFalse();
    assertThat(sites.start("berlin")).isEqualTo(first);

    StartedProcess process =
        home.services().read().running(LabSites.processName("berlin")).orElseThrow();
    ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
    handle.destroyForcibly();
    handle.onExit().join();
    assertThat(sites.start("berlin")).isEqualTo(first);
    assertThat(nameOf(first)).isEqualTo("berlin");
  }

  @Test
  void refusesANameThatCannotBeADirectory() {
    assertThatThrownBy(() -> sites.start("../berlin"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("../berlin");
    assertThat(home.directory()).doesNotExist();
  }

  private static String nameOf(SiteAddress site) {
    try (LabClient client = LabClient.of(Path.of(site.directory()))) {
      return client.site().site();
    }
  }
}
