package io.switchback.port;

import static io.switchback.port.NetworkExtensionActivities.Side.PRODUCTION;
import static io.switchback.port.NetworkExtensionActivities.Side.RECOVERY;
import static io.switchback.port.SiteContract.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.LeaveExtension;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.switchback.port.NetworkExtensionActivities.OpenExtension;
import io.switchback.port.NetworkExtensionActivities.Side;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link NetworkExtensionActivities} promises. */
public abstract class NetworkExtensionContract {
  private NetworkExtensionFixture networks;
  private Replica replica;
  private PortCaller<NetworkExtensionActivities> extension;

  /** Networks of their own for one test. */
  protected abstract NetworkExtensionFixture open() throws Exception;

  @BeforeEach
  final void openNetworks() throws Exception {
    networks = open();
    replica = networks.replica();
    extension = new PortCaller<>(NetworkExtensionActivities.class, networks.extension());
  }

  @AfterEach
  final void closeNetworks() {
    extension.close();
    networks.close();
  }

  @Test
  void saysHowTheSideIsAndWhy() {
    for (Side side : Side.values()) {
      NetworkState state = open(1, side);

      assertThat(state.side()).isEqualTo(side);
      assertThat(state.condition()).isEqualTo(networks.expected(side));
      assertThat(state.detail()).isNotBlank();
    }
  }

  @Test
  void opensOneSideByEachCall() {
    open(1, RECOVERY);

    assertThat(networks.countedIn(RECOVERY).contains(replica.id())).isEqualTo(isExtended(RECOVERY));
    assertThat(networks.countedIn(PRODUCTION)).isEmpty();

    open(1, PRODUCTION);

    assertThat(networks.countedIn(PRODUCTION).contains(replica.id()))
        .isEqualTo(isExtended(PRODUCTION));
  }

  @Test
  void saysWhetherTheReplicaIsCountedInAndChangesNothing() {
    assertThat(look().counted()).isFalse();
    open(1, RECOVERY);
    long effects = networks.effects(replica);

    assertThat(look().counted()).isEqualTo(isExtended(RECOVERY));
    assertThat(look().detail()).isNotBlank();
    assertThat(networks.effects(replica)).isEqualTo(effects);
  }

  @Test
  void countsAReplicaInOnceHoweverOftenItIsAsked() {
    open(1, RECOVERY);
    long once = networks.effects(replica);

    NetworkState again = open(2, RECOVERY);

    assertThat(networks.effects(replica)).isEqualTo(once).isEqualTo(isExtended(RECOVERY) ? 1 : 0);
    assertThat(again.condition()).isEqualTo(networks.expected(RECOVERY));
    assertThat(again.attempt()).isEqualTo(2);
  }

  @Test
  void countsTheReplicaOutOfBothSides() {
    open(1, RECOVERY);
    open(1, PRODUCTION);

    Done done = leave(1, replica);

    assertThat(done.changed()).isEqualTo(isExtended(RECOVERY) || isExtended(PRODUCTION));
    assertThat(networks.countedIn(RECOVERY)).isEmpty();
    assertThat(networks.countedIn(PRODUCTION)).isEmpty();
  }

  @Test
  void keepsTheExtensionForTheOthersUntilTheLastOneLeaves() {
    open(1, RECOVERY);
    extension.call().openExtension(new OpenExtension(mandate(), networks.other(), RECOVERY));

    leave(1, replica);

    assertThat(networks.countedIn(RECOVERY).contains(networks.other().id()))
        .isEqualTo(isExtended(RECOVERY));
    leave(1, networks.other());
    assertThat(networks.countedIn(RECOVERY)).isEmpty();
  }

  @Test
  void answersUnchangedWhenTheReplicaIsNotCountedIn() {
    assertThat(leave(1, replica)).isEqualTo(new Done(false, 1));
    open(1, RECOVERY);
    leave(1, replica);

    assertThat(leave(2, replica)).isEqualTo(new Done(false, 2));
  }

  @Test
  void heartbeatsWhileItOpensAndLeaves() {
    open(1, RECOVERY);
    int opening = extension.heartbeats();
    leave(1, replica);

    assertThat(opening).isPositive();
    assertThat(extension.heartbeats()).isGreaterThan(opening);
  }

  @Test
  void saysThatTheSiteDoesNotAnswer() {
    networks.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> open(1, RECOVERY));
    assertFault(Fault.SITE_UNREACHABLE, () -> leave(1, replica));
  }

  @Test
  void namesAReplicaThatTheSiteDoesNotKnow() {
    VmRef nobody = new VmRef(replica.recovery().site(), "vm-nobody-knows", "nobody");
    Replica unknown =
        new Replica(
            "nobody.9",
            "nobody",
            replica.production(),
            nobody,
            replica.disks(),
            replica.networks());

    assertFault(
        Fault.VM_NOT_FOUND,
        () -> extension.call().openExtension(new OpenExtension(mandate(), unknown, RECOVERY)));
    assertFault(Fault.VM_NOT_FOUND, () -> leave(1, unknown));
  }

  private boolean isExtended(Side side) {
    return networks.expected(side) != Condition.NOT_NEEDED;
  }

  private NetworkState open(int attempt, Side side) {
    return extension.attempt(attempt).openExtension(new OpenExtension(mandate(), replica, side));
  }

  private Done leave(int attempt, Replica leaving) {
    return extension.attempt(attempt).leaveExtension(new LeaveExtension(mandate(), leaving));
  }

  private NetworkExtensionActivities.ExtensionView look() {
    return extension
        .call()
        .lookAtExtension(new NetworkExtensionActivities.LookAtExtension(replica));
  }

  private static Mandate mandate() {
    return new Mandate("op", "extension", new Fence(1, 1, 1, 0));
  }
}
