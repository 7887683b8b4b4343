package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.port.NetworkExtensionActivities.Side.PRODUCTION;
import static io.switchback.port.NetworkExtensionActivities.Side.RECOVERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.FullSiteSettings.Protocol;
import io.switchback.model.FullSiteSettings.Published;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The failover of a site whose production is lost. */
class FullSiteFailoverTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";

  @AutoClose private final Estate estate = new Estate();

  @BeforeEach
  void setUp() {
    estate.extendNetworks();
    estate.registry.fullSite(
        "munich",
        new FullSiteSettings(
            "eth0",
            "203.0.113.1",
            Map.of("lan", "203.0.113.21"),
            List.of(new Published(Protocol.TCP, "203.0.113.21", 443, "10.1.0.106", 8443))));
  }

  @Test
  void theRecoverySitesApplianceAloneServesTheNetworksUntilTheLastUndo() {
    Replica web = estate.vm("web-01");

    MemberResult result = estate.runOne("FullSiteFailover", WEB);

    assertThat(estate.state(web)).isEqualTo(FAILOVER);
    assertThat(result.network()).hasSize(1);
    NetworkState network = result.network().getFirst();
    assertThat(network.side()).isEqualTo(RECOVERY);
    assertThat(network.condition()).isEqualTo(Condition.UP);
    assertThat(network.detail())
        .contains("full site: UP, 10.1.0.1 is the gateway; out as 203.0.113.21")
        .contains("published: 203.0.113.21:443 → 10.1.0.106:8443");
    assertThat(estate.extension.effects()).containsExactly("start RECOVERY");
    assertThat(estate.extension.isPresent(PRODUCTION)).isFalse();

    assertThat(estate.runOne("UndoFailover", WEB).state()).isEqualTo(READY);
    assertThat(estate.extension.effects()).containsExactly("start RECOVERY", "remove RECOVERY");
    assertThat(estate.registry.extendedFor()).isEmpty();
  }

  @Test
  void takesTheStepsOfTheOperatingManual() {
    Replica web = estate.vm("web-01");

    estate.runOne("FullSiteFailover", WEB);

    assertThat(
            estate.registry.audit().stream()
                .filter(entry -> entry.replicaId().equals(web.id()))
                .map(AuditEntry::step)
                .toList())
        .isEqualTo(
            Procedure.of(Operation.FULL_SITE_FAILOVER).steps().stream()
                .map(StepKind::id)
                .filter(step -> !step.endsWith("Window"))
                .toList());
  }

  @Test
  void vmsStartInTheirOrderEachAfterTheDelayOfTheOneBefore() {
    estate.vm("dns-01");
    estate.vm("database-01");
    estate.vm("web-01");

    OperationResult result =
        estate.run(
            "FullSiteFailover",
            """
            {"vms":[{"name":"dns-01","delay":"PT2M"},"database-01","web-01"],"delay":"PT30S"}
            """);

    assertThat(result.members())
        .extracting(MemberResult::vm)
        .containsExactly("dns-01", "database-01", "web-01");
    Instant dns = claimedAt("id-dns-01");
    assertThat(Duration.between(dns, claimedAt("id-database-01")))
        .isBetween(Duration.ofSeconds(119), Duration.ofSeconds(125));
    assertThat(Duration.between(dns, claimedAt("id-web-01")))
        .isBetween(Duration.ofSeconds(149), Duration.ofSeconds(160));
  }

  private Instant claimedAt(String replicaId) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.replicaId().equals(replicaId) && entry.step().equals("claim"))
        .findFirst()
        .orElseThrow()
        .at();
  }

  @Test
  void whoCancelsDuringADelayKeepsTheRestFromBeginning() {
    Replica dns = estate.vm("dns-01");
    Replica web = estate.vm("web-01");
    WorkflowStub run =
        estate.start("FullSiteFailover", "{\"vms\":[\"dns-01\",\"web-01\"],\"delay\":\"PT10H\"}");
    estate.until("fails over", () -> estate.state(dns) == FAILOVER);

    run.cancel();

    estate.until("ends", () -> catchThrowable(() -> run.getResult(Object.class)) != null);
    assertThat(estate.state(web)).isEqualTo(READY);
    assertThat(estate.registry.isClaimed(web.id())).isFalse();
  }

  @Test
  void whatIsNotReadyIsSkippedAndListed() {
    Replica web = estate.vm("web-01");
    Replica db = estate.vm("database-01");
    estate.runOne("FullSiteFailover", "{\"vms\":[\"database-01\"]}");

    OperationResult result =
        estate.run("FullSiteFailover", "{\"vms\":[\"database-01\",\"web-01\"]}");

    assertThat(result.members()).extracting(MemberResult::vm).containsExactly("web-01");
    assertThat(result.notes())
        .anyMatch(note -> note.contains("'database-01' is skipped: it is FAILOVER"));
    assertThat(estate.state(web)).isEqualTo(FAILOVER);
    assertThat(estate.state(db)).isEqualTo(FAILOVER);
    assertThat(estate.extension.effects()).as("they share the gateway").hasSize(1);
  }

  @Test
  void aTunnelAndAGatewayDoNotServeTheSameNetwork() {
    estate.vm("web-01");
    Replica db = estate.vm("database-01");
    estate.runOne("PartialFailover", WEB);

    Throwable refused =
        catchThrowable(() -> estate.run("FullSiteFailover", "{\"vms\":[\"database-01\"]}"));

    assertThat(refused).rootCause().hasMessageContaining("Nothing was changed");
    assertThat(refused).rootCause().hasMessageContaining("web-01");
    assertThat(estate.state(db)).isEqualTo(READY);
  }

  @Test
  void anAbortGivesTheGatewayBack() {
    Replica web = estate.vm("web-01");
    estate.checks.script().fail("verifyGuest", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("FullSiteFailover", WEB);
    assertThat(estate.parked(web).step()).isEqualTo("verify");

    run.update("answer", String.class, Estate.json("{\"vm\":\"*\",\"answer\":\"abort\"}"));

    assertThat(estate.resultOfOne(run).state()).isEqualTo(READY);
    assertThat(estate.registry.extendedFor()).isEmpty();
    assertThat(estate.extension.isPresent(RECOVERY)).isFalse();
  }
}
