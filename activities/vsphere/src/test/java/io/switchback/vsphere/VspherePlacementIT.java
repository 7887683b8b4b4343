package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskShape;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PortCaller;
import io.switchback.vsphere.soap.SoapServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What only a vCenter does of replicas: answers that are lost, what cannot be read, hardware that
 * is carried over.
 */
@ApiTier
class VspherePlacementIT {
  @AutoClose private final PlacementGround ground = new PlacementGround();

  @Test
  void makesOneVmWhenTheAnswerToItsCreationIsLost() {
    ground.front().next("CreateVM_Task", new Deed.CutAfter());

    Placed placed = ground.port.attempt(1).placeVm(ground.request("lan"));
    Placed again = ground.port.attempt(2).placeVm(ground.request("lan"));

    assertThat(again.vm()).isEqualTo(placed.vm());
    assertThat(ground.judge().vms()).containsExactly("web-01_replica");
    Judge.Vm made = ground.judge().vm("web-01_replica");
    assertThat(made.instanceUuid()).isEqualTo(placed.vm().id());
    assertThat(made.changeTracking()).isTrue();
  }

  @Test
  void removesItOnceWhenTheAnswerToThatIsLost() {
    Placed placed = ground.port.call().placeVm(ground.request("lan"));
    ground.front().next("Destroy_Task", new Deed.CutAfter());

    Done removed =
        ground.port.call().removeVm(new ChangeVm(PlacementGround.step(2), "web-01.7", placed.vm()));

    assertThat(removed.changed()).isTrue();
    assertThat(ground.judge().vms()).isEmpty();
  }

  @Test
  void removesAVmThatIsStillBeingMade() throws Exception {
    try (PlacementGround slow =
            new PlacementGround("-task-delay", "CreateVm=2000", "-task-delay", "LockHandoff=0");
        PortCaller<PlaceholderActivities> other = slow.another();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch begun = new CountDownLatch(1);
      slow.front()
          .next(
              "CreateVM_Task",
              new Deed.Say(
                  request -> {
                    SoapServer.Answer answer = slow.front().pass(request);
                    begun.countDown();
                    return answer;
                  }));
      Future<Placed> placing = threads.submit(() -> slow.port.call().placeVm(slow.request("lan")));
      begun.await();

      var _ =
          other
              .call()
              .removeVm(
                  new ChangeVm(
                      PlacementGround.step(2),
                      "web-01.7",
                      new VmRef("berlin", "not-known", "web-01_replica")));

      assertThat(slow.owner().runningTasks()).isEmpty();
      assertThat(slow.judge().vms()).isEmpty();
      assertThatThrownBy(placing::get).cause().isInstanceOf(FaultException.class);
    }
  }

  @Test
  void takesNoVmForGoneWhileOneCannotBeRead() {
    Placed placed = ground.port.call().placeVm(ground.request("lan"));
    HiddenConfig.of(ground.judge().vm("web-01_replica").reference(), ground.front());
    ChangeVm change = new ChangeVm(PlacementGround.step(2), "web-01.7", placed.vm());

    assertUnknown(() -> ground.port.call().placeVm(ground.request("lan")));
    assertUnknown(() -> ground.port.call().leaveVm(change));
    assertUnknown(() -> ground.port.call().removeVm(change));
    ground.front().heal();

    assertThat(ground.judge().vms()).containsExactly("web-01_replica");
    assertThat(ground.port.call().removeVm(change).changed()).isTrue();
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).isEqualTo(Fault.SITE_UNREACHABLE);
              assertThat(thrown.sentence())
                  .contains("cannot read the configuration of web-01_replica");
            });
  }

  @Test
  void needsNoTemplateToBeRead() throws Exception {
    VmRef template = ground.owner().make("golden", 1, "");
    ground.owner().turnIntoTemplate(template);
    HiddenConfig.of(ground.judge().vm("golden").reference(), ground.front());

    assertThat(ground.port.call().placeVm(ground.request("lan")).changed()).isTrue();
  }

  @Test
  void namesANetworkThatItsHostLacks() {
    assertThatThrownBy(() -> ground.port.call().placeVm(ground.request("nowhere")))
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).isEqualTo(Fault.INVALID_INPUT);
              assertThat(thrown.sentence()).contains("'nowhere'", "lan");
            });
    assertThat(ground.judge().vms()).isEmpty();
  }

  @Test
  void bootsFromTheKindOfControllerThatProductionHas() {
    PlaceVm request =
        ground.request(
            new Hardware(
                2,
                2L << 30,
                Firmware.EFI,
                List.of(),
                Map.of(
                    "vsphere.guest", "rhel8_64Guest",
                    "vsphere.controller", "VirtualLsiLogicSASController",
                    "libvirt.machine", "q35")));

    ground.port.call().placeVm(request);

    assertThat(ground.judge().devices("web-01_replica"))
        .extracting(Judge.Device::kind)
        .contains("VirtualLsiLogicSASController")
        .doesNotContain("ParaVirtualSCSIController");
    assertThat(ground.judge().vm("web-01_replica").guest()).isEqualTo("rhel8_64Guest");
  }

  @Test
  void showsTheGuestItsDisksUuidsAsProductionDoes() {
    PlaceVm request = ground.request(uuids("TRUE"));

    Placed placed = ground.port.call().placeVm(request);
    assertThat(ground.judge().vm("web-01_replica").extraConfig())
        .containsEntry("disk.EnableUUID", "TRUE")
        .containsEntry(Replicas.KEY, "web-01.7");

    ReshapeVm other =
        new ReshapeVm(
            PlacementGround.step(2),
            placed.vm(),
            "web-01_replica",
            uuids("FALSE"),
            placed.disks(),
            request.production());
    assertThat(ground.port.call().reshapeVm(other).changed()).isTrue();
    assertThat(ground.judge().vm("web-01_replica").extraConfig())
        .containsEntry("disk.EnableUUID", "FALSE");
    assertThat(ground.port.call().reshapeVm(other).changed()).isFalse();
  }

  private static Hardware uuids(String shown) {
    return new Hardware(2, 2L << 30, Firmware.EFI, List.of(), Map.of("vsphere.diskUuids", shown));
  }

  @Test
  void growsNoDiskThatHasSnapshots() throws Exception {
    PlaceVm request = ground.request("lan");
    Placed placed = ground.port.call().placeVm(request);
    ground.owner().snapshot(placed.vm(), "point-1");

    ReshapeVm larger =
        new ReshapeVm(
            PlacementGround.step(2),
            placed.vm(),
            "web-01_replica",
            request.hardware(),
            placed.disks(),
            List.of(new DiskShape("disk-a", 4 * PlacementGround.MIB)));
    assertThatThrownBy(() -> ground.port.call().reshapeVm(larger))
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> assertThat(thrown.fault()).isEqualTo(Fault.SHAPE_CHANGED));
    assertThat(ground.judge().disks("web-01_replica"))
        .extracting(Judge.Device::capacityBytes)
        .containsExactly(PlacementGround.MIB);
  }
}
