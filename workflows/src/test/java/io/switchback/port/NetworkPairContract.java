package io.switchback.port;

import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Connectivity;
import io.switchback.model.CredentialReference;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.model.Replica;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteNetworks;
import io.switchback.port.ApplianceStartActivities.MandateStart;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.NetworkPairActivities.CloseNetworkPair;
import io.switchback.port.NetworkPairActivities.DescribeNetworkPair;
import io.switchback.port.NetworkPairActivities.JoinNetworks;
import io.switchback.port.NetworkPairActivities.Joined;
import io.switchback.port.NetworkPairActivities.LeaveNetworks;
import io.switchback.port.NetworkPairActivities.LookAtNetworks;
import io.switchback.port.NetworkPairActivities.PairView;
import io.switchback.port.NetworkPairActivities.RecordNetworkPair;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every registry promises of {@link NetworkPairActivities} and, by the same adapter, of {@link
 * ApplianceStartActivities}.
 */
public abstract class NetworkPairContract extends RegistryContract {
  private static final String ADDRESS = "192.168.10.20";
  private static final SideState UP = new SideState(Condition.UP, "");
  private static final SideState DOWN = new SideState(Condition.DEGRADED, "it does not answer");
  private static final SiteAppliance APPLIANCE =
      new SiteAppliance(
          "10.0.0.5",
          22,
          "root",
          "SHA256:abc",
          CredentialReference.parse("file:/etc/key"),
          false,
          "/etc/tunnel",
          "acme");

  private PortCaller<NetworkPairActivities> pairs;
  private PortCaller<ApplianceStartActivities> starts;

  @BeforeEach
  final void openPairs() {
    NetworkPairActivities adapter = registry.networkPairs();
    pairs = new PortCaller<>(NetworkPairActivities.class, adapter);
    starts = new PortCaller<>(ApplianceStartActivities.class, (ApplianceStartActivities) adapter);
  }

  @AfterEach
  final void closePairs() {
    pairs.close();
    starts.close();
  }

  private static NetworkMapping lan() {
    return new NetworkMapping(
        "lan-berlin",
        "lan",
        "",
        new NetworkExtent(
            "192.168.10.0/24", "192.168.10.1", "lan0", "recovery0", "127.0.0.1:1194", 1194));
  }

  private Replica extended(String vm) {
    Replica replica = registry.protect(vm, READY);
    registry.extend("berlin", "paris", lan());
    claim(replica, OURS, PARTIAL_FAILOVER);
    return replica;
  }

  private Mandate ours(Replica replica, long step) {
    return mandate(OURS, registry.fence(replica), step);
  }

  private Joined join(Replica replica, long step, String... addresses) {
    return pairs
        .call()
        .joinNetworks(new JoinNetworks(ours(replica, step), replica.id(), List.of(addresses)));
  }

  private Joined leave(Replica replica, long step) {
    return pairs.call().leaveNetworks(new LeaveNetworks(ours(replica, step), replica.id()));
  }

  private NetworkPair describe(int number) {
    NetworkPair pair = pairs.call().describeNetworkPair(new DescribeNetworkPair(number)).pair();
    assertThat(pair).isNotNull();
    return pair;
  }

  private List<PairView> look(Replica replica, Integer... others) {
    return pairs.call().lookAtNetworks(new LookAtNetworks(replica.id(), List.of(others))).pairs();
  }

  private boolean record(int number, long revision, SideState recovery, SideState production) {
    return record(number, revision, recovery, production, List.of());
  }

  private boolean record(
      int number,
      long revision,
      SideState recovery,
      SideState production,
      List<AddressOwner> owners) {
    return pairs
        .call()
        .recordNetworkPair(new RecordNetworkPair(number, revision, recovery, production, owners))
        .changed();
  }

  private boolean close(int number, long revision) {
    return pairs.call().closeNetworkPair(new CloseNetworkPair(number, revision)).changed();
  }

  @Test
  void countsAReplicaInWithTheAddressesThatAreInTheNetwork() {
    Replica replica = extended("web-01");
    registry.appliance("paris", APPLIANCE);

    Joined joined = join(replica, 2, ADDRESS, "10.0.0.7", "fd00::7");

    assertThat(joined.changed()).isTrue();
    assertThat(joined.pairs()).hasSize(1);
    NetworkPair pair = describe(joined.pairs().getFirst());
    assertThat(pair.members())
        .containsExactly(
            new Member(replica.id(), "web-01", List.of(ADDRESS), registry.fence(replica).epoch()));
    assertThat(List.of(pair.productionSite(), pair.productionNetwork()))
        .containsExactly("berlin", "lan-berlin");
    assertThat(List.of(pair.recoverySite(), pair.recoveryNetwork()))
        .containsExactly("paris", "lan");
    assertThat(pair.extent()).isEqualTo(lan().extent());
    assertThat(pair.atRecovery()).isEqualTo(APPLIANCE);
    assertThat(pair.atProduction()).isNull();
    assertThat(pair.closed()).isFalse();
  }

  @Test
  void aReplicaWhoseNetworksAreNotExtendedHasNoPairs() {
    Replica replica = registry.protect("web-01", READY);
    claim(replica, OURS, PARTIAL_FAILOVER);
    registry.extend("berlin", "paris", new NetworkMapping("dmz-berlin", "dmz", "", lan().extent()));

    assertThat(join(replica, 2, ADDRESS)).isEqualTo(new Joined(List.of(), false, 1));
    assertThat(look(replica)).isEmpty();
  }

  @Test
  void countsAReplicaInOnceHoweverOftenItIsAsked() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    long revision = describe(pair).revision();

    Joined again = join(replica, 2, ADDRESS);

    assertThat(again).isEqualTo(new Joined(List.of(pair), false, 1));
    assertThat(describe(pair).revision()).isEqualTo(revision);
    assertThat(describe(pair).members()).hasSize(1);
  }

  @Test
  void otherAddressesTakeThePlaceOfTheFirstAndRaiseTheRevision() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    long revision = describe(pair).revision();

    assertThat(join(replica, 3, "192.168.10.21").changed()).isTrue();

    assertThat(describe(pair).addresses()).containsExactly("192.168.10.21");
    assertThat(describe(pair).revision()).isGreaterThan(revision);
  }

  @Test
  void replicasOfTheSameNetworksShareAPairUntilTheLastOneLeaves() {
    Replica replica = extended("web-01");
    Replica other = registry.protect("db-01", READY);
    claim(other, OURS, PARTIAL_FAILOVER);
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    long first = describe(pair).revision();

    assertThat(join(other, 2, "192.168.10.30").pairs()).containsExactly(pair);
    assertThat(describe(pair).revision()).isGreaterThan(first);
    assertThat(describe(pair).addresses()).containsExactly(ADDRESS, "192.168.10.30");
    long second = describe(pair).revision();

    assertThat(leave(replica, 3).changed()).isTrue();
    assertThat(describe(pair).addresses()).containsExactly("192.168.10.30");
    assertThat(describe(pair).revision()).isGreaterThan(second);
    assertThat(close(pair, describe(pair).revision())).as("somebody needs it").isFalse();

    leave(other, 3);
    assertThat(describe(pair).members()).isEmpty();
    assertThat(describe(pair).closed()).isFalse();
    assertThat(close(pair, describe(pair).revision())).isTrue();
    assertThat(describe(pair).closed()).isTrue();
  }

  @Test
  void twoWhoComeAtOnceShareAPair() throws Exception {
    Replica replica = extended("web-01");
    Replica other = registry.protect("db-01", READY);
    claim(other, OURS, PARTIAL_FAILOVER);
    Mandate mandate = ours(replica, 2);
    Mandate theirs = ours(other, 2);

    List<Object> outcomes;
    try (PortCaller<NetworkPairActivities> others =
        new PortCaller<>(NetworkPairActivities.class, registry.networkPairs())) {
      outcomes =
          atOnce(
              () ->
                  pairs
                      .call()
                      .joinNetworks(new JoinNetworks(mandate, replica.id(), List.of(ADDRESS)))
                      .pairs(),
              () ->
                  others
                      .call()
                      .joinNetworks(new JoinNetworks(theirs, other.id(), List.of("192.168.10.30")))
                      .pairs());
    }

    assertThat(outcomes.get(0)).isEqualTo(outcomes.get(1));
    int pair = look(replica).getFirst().number();
    assertThat(describe(pair).addresses()).containsExactly(ADDRESS, "192.168.10.30");
  }

  @Test
  void whoIsConnectedBySomethingElseJoinsNoPairAndIsToldSo() {
    Replica replica = extended("web-01");
    registry.appliance("paris", APPLIANCE);
    registry.networks("paris", new SiteNetworks(Connectivity.NSX_EDGE, List.of()));

    Joined joined = join(replica, 2, ADDRESS);

    assertThat(joined.pairs()).isEmpty();
    assertThat(joined.changed()).isFalse();
    assertThat(joined.instead())
        .isEqualTo(
            new SideState(
                Condition.NOT_NEEDED,
                "site 'paris' is connected by its NSX Edge: no appliance is needed"));
    assertThat(look(replica)).isEmpty();

    registry.networks("paris", SiteNetworks.NOT_SAID);
    Joined extended = join(replica, 3, ADDRESS);
    assertThat(extended.pairs()).hasSize(1);
    assertThat(extended.instead()).isNull();
  }

  @Test
  void refusesWhatNoApplianceCanServe() {
    Replica replica = extended("web-01");
    registry.appliance("paris", APPLIANCE);
    registry.networks(
        "paris",
        new SiteNetworks(
            Connectivity.APPLIANCE, List.of("lan", "b", "c", "d", "e", "f", "g", "h", "i", "j")));

    assertThat(assertFault(Fault.REFUSED, () -> join(replica, 2, ADDRESS)).sentence())
        .contains("site 'paris' has 10 networks");
    assertThat(look(replica)).isEmpty();
  }

  @Test
  void eachMandateToStartAnApplianceOutranksAllThatWereGivenOutBefore() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();

    Mandate first = mandateStart(pair, describe(pair).revision());
    Mandate second = mandateStart(pair, describe(pair).revision());

    assertThat(first).isNotNull();
    assertThat(first.operationId()).isEqualTo("network-extension/" + pair);
    assertThat(first.fence()).isGreaterThan(registry.fence(replica));
    assertThat(second.fence()).isGreaterThan(first.fence());
    Replica other = registry.protect("db-01", READY);
    claim(other, THEIRS, PARTIAL_FAILOVER);
    assertThat(registry.fence(other)).as("claims go on above").isGreaterThan(second.fence());
  }

  @Test
  void nobodyStartsAnApplianceForAPairThatIsNotNeededOrHasChanged() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    long old = describe(pair).revision();
    join(replica, 3, "192.168.10.21");

    assertThat(mandateStart(pair, old)).isNull();
    assertThat(mandateStart(7, 1)).as("there is none").isNull();
    leave(replica, 4);
    assertThat(mandateStart(pair, describe(pair).revision())).isNull();
  }

  private @Nullable Mandate mandateStart(int pair, long revision) {
    return starts.call().mandateStart(new MandateStart(pair, revision)).mandate();
  }

  @Test
  void saysWhichVmIsTheAppliance() {
    Replica replica = extended("web-01");
    registry.appliance("paris", APPLIANCE.asVm("gateway"));
    registry.appliance("berlin", APPLIANCE);

    NetworkPair pair = describe(join(replica, 2, ADDRESS).pairs().getFirst());

    assertThat(pair.atRecovery()).isEqualTo(APPLIANCE.asVm("gateway"));
    assertThat(pair.atProduction()).isEqualTo(APPLIANCE);
  }

  @Test
  void leavingTwiceComesToTheSame() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    assertThat(leave(replica, 3)).isEqualTo(new Joined(List.of(pair), true, 1));
    long revision = describe(pair).revision();

    assertThat(leave(replica, 3)).isEqualTo(new Joined(List.of(pair), false, 1));

    assertThat(describe(pair).revision()).isEqualTo(revision);
    close(pair, revision);
    assertThat(leave(replica, 3)).isEqualTo(new Joined(List.of(), false, 1));
  }

  @Test
  void whoComesDuringATeardownOpensThePairAgain() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    leave(replica, 3);
    long tearing = describe(pair).revision();

    join(replica, 4, ADDRESS);

    assertThat(close(pair, tearing)).isFalse();
    assertThat(describe(pair).closed()).isFalse();
    assertThat(describe(pair).revision()).isGreaterThan(tearing);
  }

  @Test
  void aClosedPairKeepsItsNumberAndItsRevisionAndIsOpenedByTheNextOne() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    leave(replica, 3);
    long closed = describe(pair).revision();
    close(pair, closed);
    assertThat(close(pair, closed)).as("is closed already").isFalse();

    assertThat(join(replica, 4, ADDRESS).pairs()).containsExactly(pair);

    assertThat(describe(pair).closed()).isFalse();
    assertThat(describe(pair).revision()).isGreaterThan(closed);
  }

  @Test
  void saysHowThePairIsOnceItHasBeenLookedAt() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    PairView before = look(replica).getFirst();
    assertThat(before.counted()).isTrue();
    assertThat(before.settled()).isFalse();
    assertThat(before.recovery()).isNull();

    long revision = describe(pair).revision();
    assertThat(record(pair, revision, UP, DOWN)).isTrue();
    assertThat(record(pair, revision, UP, DOWN)).as("the same once more").isFalse();

    PairView after = look(replica).getFirst();
    assertThat(after.settled()).isTrue();
    assertThat(after.recovery()).isEqualTo(UP);
    assertThat(after.production()).isEqualTo(DOWN);
    assertThat(after.words()).contains("lan-berlin", "berlin", "paris");
  }

  @Test
  void whatWasSeenBeforeTheLastChangeDoesNotCount() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    long old = describe(pair).revision();
    record(pair, old, UP, UP);
    join(replica, 3, "192.168.10.21");

    assertThat(look(replica).getFirst().settled()).isFalse();
    assertThat(look(replica).getFirst().recovery()).isNull();
    assertThat(record(pair, old, UP, UP)).isFalse();
    assertThat(look(replica).getFirst().settled()).isFalse();
  }

  @Test
  void saysWhoElseHasAnAddressOfTheReplica() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    long revision = describe(pair).revision();
    AddressOwner owner = new AddressOwner(ADDRESS, "00:50:56:00:00:01");

    assertThat(
            record(
                pair,
                revision,
                UP,
                UP,
                List.of(owner, new AddressOwner("192.168.10.99", "00:50:56:00:00:02"))))
        .isTrue();
    assertThat(look(replica).getFirst().owners()).containsExactly(owner);

    assertThat(record(pair, revision, UP, UP)).as("it is gone").isTrue();
    assertThat(look(replica).getFirst().owners()).isEmpty();
  }

  @Test
  void keepsWhatAPersonWantsOpenAndRaisesTheRevision() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    long revision = describe(pair).revision();
    JoinNetworks all =
        new JoinNetworks(
            ours(replica, 3), replica.id(), List.of(ADDRESS), List.of(ADDRESS, "10.0.0.7"));

    assertThat(pairs.call().joinNetworks(all).changed()).isTrue();

    assertThat(describe(pair).acknowledged()).containsExactly(ADDRESS);
    assertThat(describe(pair).revision()).isGreaterThan(revision);
    assertThat(pairs.call().joinNetworks(all).changed()).as("the same once more").isFalse();
  }

  @Test
  void findsPairsThatAreExtendedForAnybody() {
    Replica replica = extended("web-01");
    Replica other = registry.protect("db-01", READY);
    assertThat(extendedFor(other)).isEmpty();

    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    assertThat(extendedFor(other)).containsExactly(pair);

    leave(replica, 3);
    close(pair, describe(pair).revision());
    assertThat(extendedFor(other)).isEmpty();
  }

  private List<Integer> extendedFor(Replica replica) {
    return pairs.call().lookAtNetworks(new LookAtNetworks(replica.id(), List.of())).extended();
  }

  @Test
  void showsPairsThatTheReplicaHasLeft() {
    Replica replica = extended("web-01");
    int pair = join(replica, 2, ADDRESS).pairs().getFirst();
    leave(replica, 3);
    assertThat(look(replica)).isEmpty();

    assertThat(look(replica, pair).getFirst().counted()).isFalse();
    assertThat(look(replica, pair).getFirst().settled()).isFalse();
    close(pair, describe(pair).revision());
    assertThat(look(replica, pair).getFirst().settled()).isTrue();
  }

  @Test
  void knowsNoPairThatNobodyHasNeeded() {
    assertThat(pairs.call().describeNetworkPair(new DescribeNetworkPair(7)).pair()).isNull();
  }

  @Test
  void refusesWhoeverDoesNotHoldTheReplica() {
    Replica replica = extended("web-01");
    Mandate stranger = mandate(THEIRS, registry.fence(replica), 2);

    assertFault(
        Fault.FENCED,
        () ->
            pairs.call().joinNetworks(new JoinNetworks(stranger, replica.id(), List.of(ADDRESS))));
    assertFault(
        Fault.FENCED, () -> pairs.call().leaveNetworks(new LeaveNetworks(stranger, replica.id())));
    assertThat(look(replica)).isEmpty();
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = extended("web-01");
    Mandate mandate = ours(replica, 2);
    registry.breakRegistry();

    assertFault(
        Fault.REGISTRY_UNAVAILABLE,
        () -> pairs.call().joinNetworks(new JoinNetworks(mandate, replica.id(), List.of(ADDRESS))));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> look(replica));
  }
}
