package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.FullSiteSettings.Protocol;
import io.switchback.model.FullSiteSettings.Published;
import io.switchback.operation.MemberResult;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A full-site failover: through the real workflows, with real packets, while production is lost.
 */
@Tag("network")
class FullSiteFailoverIT {
  private static final String PUBLIC = "203.0.113.21";
  private static final int PORT = 8080;
  private static final int BYTES = 100_000;

  /** Within that it is the gateway again. */
  private static final Duration MENDED = Duration.ofSeconds(15);

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @TempDir private static Path folder;
  private static NetworkLab lab;
  private static ExtendedEstate estate;
  private static FullSiteMode mode;

  @BeforeAll
  static void loseProduction() {
    lab = LAB.lab();
    mode = new FullSiteMode(new Ssh(SshSettings.standard(), LabTunnel::read));
    lab.power("off", "vm1");
    lab.power("off", "vm2");
    estate = new ExtendedEstate(lab, new LabSites(lab, folder));
    estate.registry.fullSite(
        "munich",
        new FullSiteSettings(
            lab.fact("provider.uplink"),
            lab.fact("internet.gateway"),
            Map.of("lan", PUBLIC),
            List.of(
                new Published(
                    Protocol.TCP, PUBLIC, PORT, lab.fact("replica.address"), LabTransfer.PORT))));
  }

  @AfterAll
  static void bringBack() {
    if (estate != null) {
      estate.close();
      mode.tearDown(lab.appliance("provider"), Integer.MAX_VALUE);
      lab.forgetFullSite();
      lab.power("off", "replica");
      lab.power("on", "vm1");
      lab.power("on", "vm2");
    }
  }

  @Test
  void aReplicaReachesOutAPublishedPortAnswersAndAnUndoLeavesNothing() {
    String internet = lab.fact("internet.address");

    MemberResult failover = estate.run("FullSiteFailover");

    assertThat(failover.state()).isEqualTo(ReplicaState.FAILOVER);
    assertThat(failover.network())
        .extracting(NetworkState::condition)
        .as("%s", failover.network())
        .containsExactly(Condition.UP);
    assertThat(lab.ping("replica", internet, 20)).hasSize(20).containsOnly(63);
    assertThat(lab.ping("replica", lab.fact("production.gateway"), 1)).containsExactly(64);
    try (LabTransfer served =
        new LabTransfer(
            lab, "replica", lab.fact("replica.address"), folder.resolve("served"), BYTES)) {
      assertThat(served.fetch("internet", 10, PUBLIC, PORT)).isEqualTo(BYTES);

      // Whoever takes something away finds it back.
      lab.in("provider", "nft delete table inet swb_full_site");
      ExtendedEstate.until(MENDED, () -> served.fetch("internet", 2, PUBLIC, PORT) == BYTES);
    }

    MemberResult undone = estate.run("UndoFailover");

    assertThat(undone.state()).isEqualTo(ReplicaState.READY);
    assertThat(mode.look(lab.appliance("provider"))).isEmpty();
    assertThat(lab.in("provider", "nft list ruleset; ip rule; ip -4 -o address"))
        .doesNotContain("swb", "13500", "13501", PUBLIC, lab.fact("production.gateway") + "/");
    assertThat(
            lab.in(
                "tenant",
                "nft list ruleset; ip rule; ls -A /var/lib/switchback 2>/dev/null || true"))
        .as("nothing was asked of production")
        .doesNotContain("swb", "pair-2");
  }
}
