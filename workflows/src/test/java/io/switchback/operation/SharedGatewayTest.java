package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.port.NetworkExtensionActivities.Side.RECOVERY;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two networks behind one gateway, each with a loop of its own. */
class SharedGatewayTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";
  private static final String MAIL = "{\"vms\":[\"mail-01\"]}";

  @AutoClose private final Estate estate = new Estate();

  @BeforeEach
  void setUp() {
    estate.extendNetworks();
    estate.registry.extend(
        "berlin",
        "munich",
        new NetworkMapping(
            "dmz-berlin",
            "dmz",
            "",
            new NetworkExtent(
                "10.2.0.0/24", "10.2.0.1", "dmz0", "recovery1", "127.0.0.1:1195", 1195)));
    estate.registry.fullSite(
        "munich", new FullSiteSettings("eth0", "203.0.113.1", Map.of(), List.of()));
    estate.vm("web-01");
    estate.vm("mail-01", "dmz");
  }

  @Test
  void whoIsOutrunByTheOtherNetworkDoesAtOnceWhatBothNeedAndIsNeverDegraded() {
    estate
        .extension
        .script()
        .before(
            "convergeEnd",
            "munich",
            () -> {
              var _ = estate.start("FullSiteFailover", MAIL);
              estate.until("is served", () -> estate.extension.served().contains("dmz"));
            });

    MemberResult result = estate.runOne("FullSiteFailover", WEB);

    assertThat(result.network()).extracting(NetworkState::condition).containsExactly(Condition.UP);
    assertThat(estate.extension.served()).containsExactly("lan", "dmz");
    assertThat(estate.extension.script().calls("convergeEnd", "munich"))
        .as("the one that is outrun, the one that outruns it, and what follows")
        .isEqualTo(3);
    assertThat(estate.registry.script().calls("recordNetworkPair", "pair 1"))
        .as("it was UP, and nothing before")
        .isEqualTo(1);
  }

  @Test
  void whoIsOutrunWhileTheGatewayIsGivenBackAsksAgainAtOnce() {
    estate.run("FullSiteFailover", WEB);
    estate.run("FullSiteFailover", MAIL);
    assertThat(estate.extension.served()).containsExactly("lan", "dmz");
    AtomicReference<Instant> outrun = new AtomicReference<>();
    estate
        .extension
        .script()
        .before(
            "tearDownEnd",
            "munich",
            () -> {
              var _ = estate.start("UndoFailover", MAIL);
              estate.until("is left", () -> !estate.extension.isPresent(RECOVERY));
              outrun.set(estate.now());
            });

    MemberResult undone = estate.runOne("UndoFailover", WEB);

    assertThat(undone.state()).isEqualTo(READY);
    assertThat(estate.registry.isClosed(1)).isTrue();
    assertThat(Duration.between(requireNonNull(outrun.get()), estate.now()))
        .isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void anApplianceThatHasSeenMoreThanTheRegistryGivesOutIsNotAskedAllTheTime() {
    estate.extension.script().fail("convergeEnd", "munich", Fault.FENCED, 1000);

    MemberResult result = estate.runOne("FullSiteFailover", WEB);

    assertThat(result.network().getFirst().condition()).isEqualTo(Condition.DEGRADED);
    assertThat(result.network().getFirst().detail()).contains("the test says so");
    assertThat(estate.extension.script().calls("convergeEnd", "munich")).isBetween(3L, 6L);
  }
}
