package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of drills at a site that names the networks it has. */
class IsolatedNetworksTest {
  private static final String LAN = "lan, drill 7 at host-1";

  @TempDir Path directory;
  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws IOException {
    SiteResources resources =
        new SiteResources(
            List.of(
                new HostDefinition("host-1", 8, 1L << 36),
                new HostDefinition("host-2", 8, 1L << 36)),
            null,
            List.of("lan"),
            null);
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0, resources));
    client = LabClient.of(directory);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  @Test
  void areRememberedWithWhatTheyReach() throws IOException {
    client.makeDrillNetworks("7", "host-1", List.of("lan"), null);
    client.connectNetwork(LAN, "the office");

    stop();
    start();

    assertThat(client.isolatedNetworks())
        .containsExactly(new IsolatedNetwork(LAN, "7", "host-1", "lan", "the office"));
  }

  @Test
  void takeCardsAsLongAsTheyAreThere() {
    VmDefinition plugged =
        new VmDefinition(
            "web",
            "web",
            List.of(new NetworkCard(LAN, true, null)),
            List.of(DiskDefinition.empty("disk-0", LabFixture.MIB)),
            null,
            false);
    assertThatThrownBy(() -> client.createVm(plugged, null)).hasMessageContaining("no network");

    client.makeDrillNetworks("7", "host-1", List.of("lan"), null);

    assertThat(client.createVm(plugged, null).networks()).isEqualTo(plugged.networks());
  }

  @Test
  void areOneHosts() {
    client.makeDrillNetworks("7", "host-1", List.of("lan"), null);
    client.makeDrillNetworks("7", "host-2", List.of("lan"), null);

    assertThat(client.isolatedNetworks()).hasSize(2);
    assertThat(client.removeDrillNetworks("7", "host-2", null)).isTrue();
    assertThat(client.isolatedNetworks()).extracting(IsolatedNetwork::name).containsExactly(LAN);
  }

  @Test
  void takeACopyAtTheirHostAlone() {
    client.createVm(
        LabFixture.idle("web", LabFixture.MIB).with(VmChange.none().networks(List.of())), null);
    client.createSnapshot("web", "point", false, null);
    client.makeDrillNetworks("7", "host-2", List.of("lan"), null);
    VmCopy elsewhere =
        new VmCopy(
            "copy",
            "copy",
            List.of(new NetworkCard("lan, drill 7 at host-2", true, null)),
            null,
            "host-1",
            null,
            "somebody");

    assertThatThrownBy(() -> client.copyVm("web", "point", elsewhere, null))
        .hasMessageContaining("not a drill's at host 'host-1'");
  }

  @Test
  void loseNoLineOfTheJournalWhenKilledBeforeIt() throws IOException {
    client.makeDrillNetworks("7", "host-1", List.of("lan"), LabFixture.stamp("drill", 7, 1));
    stop();
    Path journal = directory.resolve("effects.jsonl");
    List<String> lines = Files.readAllLines(journal);
    Files.write(journal, lines.subList(0, lines.size() - 1));
    assertThat(made()).isZero();

    start();

    assertThat(made()).isEqualTo(1);
  }

  private long made() {
    return LabFixture.effects(directory).stream()
        .filter(one -> one.kind().equals("makeDrillNetworks") && "drill".equals(one.operationId()))
        .count();
  }
}
