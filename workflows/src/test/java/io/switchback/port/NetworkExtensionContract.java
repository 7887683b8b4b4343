package io.switchback.port;

import static io.switchback.port.NetworkExtensionActivities.Side.PRODUCTION;
import static io.switchback.port.NetworkExtensionActivities.Side.RECOVERY;
import static io.switchback.port.SiteContract.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.AskForOwners;
import io.switchback.port.NetworkExtensionActivities.ConvergeEnd;
import io.switchback.port.NetworkExtensionActivities.EndPreflight;
import io.switchback.port.NetworkExtensionActivities.EndView;
import io.switchback.port.NetworkExtensionActivities.LookAtEnd;
import io.switchback.port.NetworkExtensionActivities.PreflightEnd;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionActivities.TearDownEnd;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link NetworkExtensionActivities} promises. */
public abstract class NetworkExtensionContract {
  private static final int PATIENCE = 40;

  private NetworkExtensionFixture appliances;
  private List<String> first;
  private PortCaller<NetworkExtensionActivities> ends;

  /** Appliances on which nothing is. */
  protected abstract NetworkExtensionFixture open() throws Exception;

  @BeforeEach
  final void openAppliances() throws Exception {
    appliances = open();
    first = appliances.addresses().subList(0, 1);
    ends = new PortCaller<>(NetworkExtensionActivities.class, appliances.ends());
  }

  @AfterEach
  final void closeAppliances() {
    ends.close();
    appliances.close();
  }

  @Test
  void makesAnEndWithExactlyTheMembersAddresses() {
    for (Side side : Side.values()) {
      EndView made = converge(pair(1, first), side);

      assertThat(made.running()).isTrue();
      assertThat(appliances.open(side)).containsExactlyElementsOf(first);
    }

    for (Side side : Side.values()) {
      converge(pair(2, appliances.addresses().subList(1, 2)), side);

      assertThat(appliances.open(side))
          .containsExactlyElementsOf(appliances.addresses().subList(1, 2));
    }
  }

  @Test
  void leavesAloneWhatIsSoAlready() {
    converge(pair(1, first), RECOVERY);
    String daemon = appliances.daemon(RECOVERY);

    assertThat(ends.attempt(2).convergeEnd(new ConvergeEnd(pair(1, first), RECOVERY)).attempt())
        .isEqualTo(2);
    converge(pair(2, appliances.addresses()), RECOVERY);

    assertThat(appliances.daemon(RECOVERY)).isEqualTo(daemon).isNotEmpty();
  }

  @Test
  void looksAndChangesNothing() {
    assertThat(look(RECOVERY).running()).isFalse();
    assertThat(appliances.present(RECOVERY)).isEmpty();

    converge(pair(1, first), RECOVERY);

    assertThat(look(RECOVERY).running()).isTrue();
  }

  @Test
  void saysWhoElseHasAnAddressOfAllThatItIsAskedFor() {
    String owned = appliances.ownedAddress();

    List<AddressOwner> found = owners(first.getFirst(), owned);

    assertThat(found).extracting(AddressOwner::address).containsExactly(owned);
    assertThat(found.getFirst().mac()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
    assertThat(owners(first.getFirst())).isEmpty();
    assertThat(appliances.present(PRODUCTION)).isEmpty();
  }

  @Test
  void theExtensionItselfIsNoOwner() {
    converge(pair(1, first), RECOVERY);
    converge(pair(1, first), PRODUCTION);

    assertThat(owners(first.getFirst())).isEmpty();
  }

  @Test
  void looksWhetherAnEndCouldStandAndChangesNothing() {
    converge(pair(1, first), RECOVERY);

    EndPreflight there = preflight(RECOVERY);
    EndPreflight here = preflight(PRODUCTION);

    assertThat(there.mtuBytes()).isZero();
    assertThat(there.findings()).isEmpty();
    assertThat(here.mtuBytes()).isEqualTo(1500);
    assertThat(here.findings()).isEmpty();
    assertThat(appliances.present(PRODUCTION)).isEmpty();
  }

  private EndPreflight preflight(Side side) {
    return ends.call().preflightEnd(new PreflightEnd(pair(1, first), side));
  }

  private List<AddressOwner> owners(String... addresses) {
    return ends.call().askForOwners(new AskForOwners(pair(1, first), List.of(addresses))).found();
  }

  @Test
  void theEndsAnswerEachOther() {
    converge(pair(1, first), RECOVERY);
    EndView view = converge(pair(1, first), PRODUCTION);

    for (int looks = 0; view.answered() == 0 && looks < PATIENCE; looks++) {
      view = look(PRODUCTION);
    }

    assertThat(view.answered()).isPositive();
    assertThat(view.roundTrip()).isPositive();
    assertThat(view.asked()).isGreaterThanOrEqualTo(view.answered());
  }

  @Test
  void aDeadDaemonIsSeenAndStartedAgain() {
    for (Side side : Side.values()) {
      converge(pair(1, first), side);
      appliances.kill(side);

      assertThat(look(side).running()).isFalse();
      assertThat(converge(pair(1, first), side).running()).isTrue();
    }
  }

  @Test
  void whatWasTakenAwayAroundTheDaemonIsSeenAndMadeAgain() {
    for (Side side : Side.values()) {
      converge(pair(1, first), side);
      String daemon = appliances.daemon(side);
      List<String> open = appliances.open(side);
      appliances.plunder(side);

      assertThat(look(side).running()).isFalse();
      assertThat(converge(pair(1, first), side).running()).isTrue();

      assertThat(appliances.open(side)).isEqualTo(open).isNotEmpty();
      assertThat(appliances.daemon(side)).isEqualTo(daemon);
    }
  }

  @Test
  void nothingIsLeftAfterATeardown() {
    for (Side side : Side.values()) {
      converge(pair(1, first), side);
      assertThat(appliances.present(side)).isNotEmpty();

      tearDown(pair(2, List.of()), side);
      assertThat(appliances.present(side)).isEmpty();
      tearDown(pair(2, List.of()), side);
      assertThat(appliances.present(side)).isEmpty();
    }
  }

  @Test
  void whoComesLateChangesNothing() {
    converge(pair(3, first), RECOVERY);
    List<String> open = appliances.open(RECOVERY);

    assertFault(Fault.FENCED, () -> converge(pair(2, appliances.addresses()), RECOVERY));
    assertFault(Fault.FENCED, () -> tearDown(pair(2, List.of()), RECOVERY));
    assertThat(appliances.open(RECOVERY)).isEqualTo(open);

    tearDown(pair(4, List.of()), RECOVERY);
    assertFault(Fault.FENCED, () -> converge(pair(3, first), RECOVERY));
    assertThat(appliances.present(RECOVERY)).isEmpty();
  }

  @Test
  void refusesASideWithoutAnAppliance() {
    NetworkPair all = pair(1, first);
    NetworkPair none =
        new NetworkPair(
            all.number(),
            all.revision(),
            all.productionSite(),
            all.productionNetwork(),
            all.recoverySite(),
            all.recoveryNetwork(),
            all.extent(),
            null,
            null,
            all.members(),
            all.closed());

    for (Side side : Side.values()) {
      assertFault(Fault.REFUSED, () -> converge(none, side));
      assertFault(Fault.REFUSED, () -> tearDown(none, side));
      assertFault(Fault.REFUSED, () -> ends.call().preflightEnd(new PreflightEnd(none, side)));
    }
    assertFault(Fault.REFUSED, () -> ends.call().askForOwners(new AskForOwners(none, first)));
  }

  @Test
  void heartbeatsAndSaysThatTheApplianceDoesNotAnswer() {
    NetworkPair nobody = appliances.unreachable(1);

    assertFault(Fault.SITE_UNREACHABLE, () -> converge(nobody, RECOVERY));
    assertFault(
        Fault.SITE_UNREACHABLE, () -> ends.call().lookAtEnd(new LookAtEnd(nobody, RECOVERY)));
    assertFault(Fault.SITE_UNREACHABLE, () -> tearDown(nobody, RECOVERY));
    assertFault(
        Fault.SITE_UNREACHABLE,
        () -> ends.call().preflightEnd(new PreflightEnd(nobody, PRODUCTION)));
    assertFault(
        Fault.SITE_UNREACHABLE, () -> ends.call().askForOwners(new AskForOwners(nobody, first)));
    assertThat(ends.heartbeats()).isGreaterThanOrEqualTo(5);
  }

  private NetworkPair pair(long revision, List<String> addresses) {
    return appliances.pair(revision, addresses);
  }

  private EndView converge(NetworkPair pair, Side side) {
    return ends.call().convergeEnd(new ConvergeEnd(pair, side));
  }

  private EndView look(Side side) {
    return ends.call().lookAtEnd(new LookAtEnd(pair(1, first), side));
  }

  private void tearDown(NetworkPair pair, Side side) {
    assertThat(ends.call().tearDownEnd(new TearDownEnd(pair, side)).attempt()).isEqualTo(1);
  }
}
