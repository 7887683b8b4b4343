package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.operation.Answer;
import io.switchback.operation.Checks;
import io.switchback.operation.MemberResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Parked;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A machine that has the replica's address, found by real packets, through the real workflows. */
@Tag("network")
class TakenAddressIT {
  /** Within that an address is open that nobody else has any more. */
  private static final Duration OPENED = Duration.ofSeconds(15);

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @TempDir private static Path folder;
  private static NetworkLab lab;
  private static ExtendedEstate estate;
  private static String address;

  @BeforeAll
  static void describe() {
    lab = LAB.lab();
    address = lab.fact("replica.address");
    estate = new ExtendedEstate(lab, new LabSites(lab, folder));
  }

  @AfterAll
  static void leave() {
    if (estate != null) {
      estate.close();
    }
  }

  @BeforeEach
  void productionAnswers() {
    assertThat(lab.pingPatiently("vm1", address, 5)).hasSize(5).containsOnly(64);
  }

  @AfterEach
  void undo() {
    MemberResult undone = estate.run("UndoFailover");

    assertThat(undone.state()).isEqualTo(ReplicaState.READY);
    assertThat(left(Side.RECOVERY)).isEmpty();
    assertThat(left(Side.PRODUCTION)).isEmpty();
    lab.power("on", "vm2");
    assertThat(lab.pingPatiently("vm1", address, 20)).hasSize(20).containsOnly(64);
  }

  /** Production's hypervisor says that its VM is off: only ARP finds who has the address. */
  @Test
  void anAddressThatSomebodyHasStaysClosedUntilHeIsGone() throws Exception {
    WorkflowStub run = estate.start("PartialFailover");

    Parked parked = estate.parked();
    assertThat(parked.step()).isEqualTo(Checks.ADDRESS_TAKEN);
    assertThat(parked.message())
        .contains(address, lab.in("vm2", "cat /sys/class/net/eth0/address").strip());
    assertThat(lab.pingPatiently("vm1", address, 20)).hasSize(20).containsOnly(64);

    lab.power("off", "vm2");
    estate.answer(Answer.RETRY);
    assertThat(ExtendedEstate.member(run).outcome()).isEqualTo(Outcome.DONE);
    assertOpened();
  }

  private static void assertOpened() {
    long begun = System.nanoTime();
    // Each attempt waits half a second for the answer.
    while (lab.ping("vm1", address, 1).isEmpty()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(OPENED);
    }
    assertThat(lab.pingPatiently("vm1", address, 50)).hasSize(50).containsOnly(62);
  }

  private static List<String> left(Side side) {
    String host = side == Side.RECOVERY ? "provider" : "tenant";
    return new ApplianceTunnels(new Ssh(SshSettings.standard(), LabTunnel::read))
        .look(
            lab.appliance(host),
            new EndReference(
                new Tunnel("pair-1", 1), side, lab.fact(host + ".card"), List.of(address), 1))
        .present();
  }
}
