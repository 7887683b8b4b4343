package io.switchback.port;

import static io.switchback.lifecycle.Operation.FULL_SITE_FAILOVER;
import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.Operation.UNDO_FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.FullSiteGateway;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.FullSiteSettings.Protocol;
import io.switchback.model.FullSiteSettings.Published;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.NetworkPair;
import io.switchback.model.Replica;
import io.switchback.model.VmSelection;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.NetworkPairActivities.DescribeNetworkPair;
import io.switchback.port.NetworkPairActivities.JoinNetworks;
import io.switchback.port.NetworkPairActivities.Joined;
import io.switchback.port.NetworkPairActivities.LeaveNetworks;
import io.switchback.port.NetworkPairActivities.LookAtNetworks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every registry promises of networks whose gateway is the recovery site's appliance. */
public abstract class FullSiteContract extends RegistryContract {
  private static final FullSiteSettings SETTINGS =
      new FullSiteSettings(
          "eth0",
          "203.0.113.1",
          Map.of("lan", "203.0.113.21"),
          List.of(new Published(Protocol.TCP, "203.0.113.21", 443, "192.168.10.20", 8443)));
  private static final NetworkExtent EXTENT =
      new NetworkExtent(
          "192.168.10.0/24", "192.168.10.1", "lan0", "recovery0", "127.0.0.1:1194", 1194);

  private static final NetworkExtent DMZ =
      new NetworkExtent(
          "192.168.20.0/24", "192.168.20.1", "dmz0", "recovery1", "127.0.0.1:1195", 1195);

  private PortCaller<NetworkPairActivities> pairs;
  private PortCaller<CatalogueActivities> catalogue;

  @BeforeEach
  final void openPorts() {
    pairs = new PortCaller<>(NetworkPairActivities.class, registry.networkPairs());
    catalogue = new PortCaller<>(CatalogueActivities.class, registry.catalogue());
  }

  @AfterEach
  final void closePorts() {
    pairs.close();
    catalogue.close();
  }

  private Replica ready(String vm) {
    Replica replica = registry.protect(vm, READY);
    registry.addRestorePoint(replica, point("rp-of-" + vm, Duration.ofMinutes(1)));
    registry.extend("berlin", "paris", new NetworkMapping("lan-berlin", "lan", "", EXTENT));
    return replica;
  }

  /** Claims it for the operation, lets it join, and answers what it joined. */
  private Joined join(Replica replica, String operationId, Operation operation) {
    claim(replica, operationId, operation);
    return joinAgain(replica, operationId);
  }

  private Joined joinAgain(Replica replica, String operationId) {
    return pairs
        .call()
        .joinNetworks(
            new JoinNetworks(
                mandate(operationId, registry.fence(replica), 2),
                replica.id(),
                List.of("192.168.10.20")));
  }

  private void leave(Replica replica, String operationId) {
    Mandate mandate = mandate(operationId, registry.fence(replica), 3);
    pairs.call().leaveNetworks(new LeaveNetworks(mandate, replica.id()));
    release(replica, mandate(operationId, registry.fence(replica), 4));
  }

  private NetworkPair describe(int number) {
    NetworkPair pair = pairs.call().describeNetworkPair(new DescribeNetworkPair(number)).pair();
    return Objects.requireNonNull(pair);
  }

  private NetworkPair only(Joined joined) {
    assertThat(joined.pairs()).hasSize(1);
    return describe(joined.pairs().getFirst());
  }

  @Test
  void aFullSiteFailoverMakesTheAppliancesNetworksLeadToItsGateway() {
    Replica replica = ready("web-01");
    registry.fullSite("paris", SETTINGS);

    NetworkPair pair = only(join(replica, OURS, FULL_SITE_FAILOVER));

    assertThat(pair.fullSite())
        .isEqualTo(
            new FullSiteGateway(
                pair.revision(), SETTINGS, List.of(new FullSiteGateway.Network("lan", EXTENT))));
    assertThat(pair.words()).endsWith("'lan' (paris), full site");
    assertThat(
            pairs
                .call()
                .lookAtNetworks(new LookAtNetworks(replica.id(), List.of()))
                .pairs()
                .getFirst()
                .words())
        .isEqualTo(pair.words());
    leave(replica, OURS);
    assertThat(describe(pair.number()).fullSite())
        .extracting(FullSiteGateway::networks)
        .as("a network that nobody needs")
        .isEqualTo(List.of());
  }

  @Test
  void withoutADescribedGatewayTheReplicaHasNone() {
    Replica replica = ready("web-01");

    Joined joined = join(replica, OURS, FULL_SITE_FAILOVER);

    assertThat(joined.pairs()).isEmpty();
    assertThat(joined.instead()).isEqualTo(new SideState(Condition.ABSENT, Joined.NO_GATEWAY));
  }

  @Test
  void aPairOfItsOwnLeavesWhatIsLeftOfATunnelToTheTunnelsLoop() {
    Replica replica = ready("web-01");
    registry.fullSite("paris", SETTINGS);
    NetworkPair tunnel = only(join(replica, OURS, PARTIAL_FAILOVER));
    assertThat(tunnel.fullSite()).isNull();
    leave(replica, OURS);

    NetworkPair gateway = only(join(replica, THEIRS, FULL_SITE_FAILOVER));

    assertThat(gateway.number()).isNotEqualTo(tunnel.number());
    assertThat(describe(tunnel.number()).closed()).as("is still being removed").isFalse();
    assertThat(describe(tunnel.number()).members()).isEmpty();
  }

  @Test
  void theGatewaysRevisionGrowsWithWhoeverJoinsAndLeaves() {
    Replica web = ready("web-01");
    registry.fullSite("paris", SETTINGS);
    NetworkPair pair = only(join(web, OURS, FULL_SITE_FAILOVER));
    long first = revision(pair);
    Replica db = registry.protect("db-01", READY);

    join(db, THEIRS, FULL_SITE_FAILOVER);
    long second = revision(pair);
    leave(db, THEIRS);

    assertThat(second).isGreaterThan(first);
    assertThat(revision(pair)).isGreaterThan(second);
  }

  @Test
  void whoAsksAfterAnotherNetworkOfTheGatewayHasChangedIsToldOfIt() {
    Replica web = ready("web-01");
    Replica mail = ready("mail-01");
    registry.extend(
        "berlin",
        "paris",
        List.of(
            new NetworkMapping("lan-berlin", "lan", "", EXTENT),
            new NetworkMapping("dmz-berlin", "dmz", "", DMZ)));
    registry.plug(mail, "dmz");
    registry.fullSite("paris", SETTINGS);
    NetworkPair lan = only(join(web, OURS, FULL_SITE_FAILOVER));

    NetworkPair dmz = only(join(mail, THEIRS, FULL_SITE_FAILOVER));

    FullSiteGateway all = describe(lan.number()).fullSite();
    assertThat(all).isEqualTo(dmz.fullSite()).isNotNull();
    assertThat(all.revision()).isGreaterThan(Objects.requireNonNull(lan.fullSite()).revision());
    assertThat(all.networks())
        .extracting(FullSiteGateway.Network::name)
        .containsExactlyInAnyOrder("lan", "dmz");
    leave(mail, THEIRS);
    assertThat(revision(lan)).isGreaterThan(all.revision());
  }

  private long revision(NetworkPair pair) {
    return Objects.requireNonNull(describe(pair.number()).fullSite()).revision();
  }

  @Test
  void oneNetworkIsServedInOneWayAtATime() {
    Replica web = ready("web-01");
    Replica db = ready("db-01");
    registry.fullSite("paris", SETTINGS);
    join(web, OURS, PARTIAL_FAILOVER);
    claim(db, THEIRS, FULL_SITE_FAILOVER);

    assertThat(assertFault(Fault.REFUSED, () -> joinAgain(db, THEIRS)).sentence())
        .contains("'lan'", "web-01");
    assertThat(resolve(FULL_SITE_FAILOVER, THEIRS, "db-01").mistakes())
        .singleElement()
        .asString()
        .contains("'lan'", "web-01");

    leave(web, OURS);
    assertThat(resolve(FULL_SITE_FAILOVER, THEIRS, "db-01").mistakes()).isEmpty();
    joinAgain(db, THEIRS);
    claim(web, NOBODYS, PARTIAL_FAILOVER);
    assertThat(assertFault(Fault.REFUSED, () -> joinAgain(web, NOBODYS)).sentence())
        .contains("'lan'", "db-01");
    assertThat(resolve(PARTIAL_FAILOVER, NOBODYS, "web-01").mistakes()).hasSize(1);
    assertThat(resolve(FULL_SITE_FAILOVER, NOBODYS, "web-01").mistakes()).isEmpty();
  }

  @Test
  void whatRunsAgainIsServedAsBefore() {
    Replica replica = ready("web-01");
    registry.fullSite("paris", SETTINGS);
    NetworkPair pair = only(join(replica, OURS, FULL_SITE_FAILOVER));
    leave(replica, OURS);
    registry.state(replica, FAILBACK);

    assertThat(join(replica, THEIRS, UNDO_FAILBACK).pairs()).containsExactly(pair.number());

    leave(replica, THEIRS);
    registry.state(replica, READY);
    assertThat(only(join(replica, NOBODYS, PARTIAL_FAILOVER)).fullSite()).isNull();
  }

  @Test
  void aFullSiteFailoverSkipsWhatCannotFailOverAndSaysSo() {
    Replica web = ready("web-01");
    registry.state(ready("db-01"), FAILOVER);
    claim(ready("app-01"), THEIRS, PARTIAL_FAILOVER);

    Resolution resolution = resolve(FULL_SITE_FAILOVER, OURS, "db-01", "web-01", "app-01");

    assertThat(resolution.mistakes()).isEmpty();
    assertThat(resolution.members()).extracting(member -> member.replica()).containsExactly(web);
    assertThat(resolution.warnings())
        .hasSize(2)
        .anyMatch(said -> said.contains("'db-01' is skipped: it is FAILOVER"))
        .anyMatch(said -> said.contains("'app-01' is skipped"));
    assertThat(resolve(FULL_SITE_FAILOVER, OURS, "db-01").mistakes())
        .singleElement()
        .asString()
        .contains("db-01");
    assertThat(resolve(PARTIAL_FAILOVER, OURS, "db-01").mistakes()).isNotEmpty();
  }

  private Resolution resolve(Operation operation, String operationId, String... vms) {
    return catalogue
        .call()
        .resolve(
            new Resolve(
                operation,
                operationId,
                Stream.of(vms).map(vm -> new VmSelection(vm, VmSelection.LATEST)).toList()));
  }
}
