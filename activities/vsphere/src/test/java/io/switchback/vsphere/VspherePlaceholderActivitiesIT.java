package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.Seed;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PlaceholderContract;
import io.switchback.port.PlacementFixture;
import io.switchback.port.PortCaller;
import io.switchback.vsphere.soap.SoapServer;
import java.rmi.RemoteException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The suite against a simulated vCenter; each test has one of its own. */
@ApiTier
class VspherePlaceholderActivitiesIT extends PlaceholderContract {
  @Override
  protected PlacementFixture open() throws Exception {
    return new VcsimPlacementFixture();
  }

  /** What only a vCenter does. */
  @Nested
  class OfVCenterAlone {
    private static final long MIB = 1 << 20;

    @Test
    void makesOneVmWhenTheAnswerToItsCreationIsLost() {
      try (Ground ground = new Ground()) {
        ground.front.next("CreateVM_Task", new Deed.CutAfter());

        Placed placed = ground.port.attempt(1).placeVm(ground.request(1, "lan"));
        Placed again = ground.port.attempt(2).placeVm(ground.request(1, "lan"));

        assertThat(again.vm()).isEqualTo(placed.vm());
        assertThat(ground.estate.judge().vms()).containsExactly("web-01_replica");
        Judge.Vm made = ground.estate.judge().vm("web-01_replica");
        assertThat(made.instanceUuid()).isEqualTo(placed.vm().id());
        assertThat(made.changeTracking()).isTrue();
      }
    }

    @Test
    void removesItOnceWhenTheAnswerToThatIsLost() {
      try (Ground ground = new Ground()) {
        Placed placed = ground.port.call().placeVm(ground.request(1, "lan"));
        ground.front.next("Destroy_Task", new Deed.CutAfter());

        Done removed = ground.port.call().removeVm(new ChangeVm(step(2), "web-01.7", placed.vm()));

        assertThat(removed.changed()).isTrue();
        assertThat(ground.estate.judge().vms()).isEmpty();
      }
    }

    @Test
    void removesAVmThatIsStillBeingMade() throws Exception {
      try (Ground ground =
              new Ground("-task-delay", "CreateVm=2000", "-task-delay", "LockHandoff=0");
          PortCaller<PlaceholderActivities> other = ground.another();
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        CountDownLatch begun = new CountDownLatch(1);
        ground.front.next(
            "CreateVM_Task",
            new Deed.Say(
                request -> {
                  SoapServer.Answer answer = ground.front.pass(request);
                  begun.countDown();
                  return answer;
                }));
        Future<Placed> placing =
            threads.submit(() -> ground.port.call().placeVm(ground.request(1, "lan")));
        begun.await();

        var _ =
            other
                .call()
                .removeVm(
                    new ChangeVm(
                        step(2), "web-01.7", new VmRef("berlin", "not-known", "web-01_replica")));

        assertThat(ground.owner.runningTasks()).isEmpty();
        assertThat(ground.estate.judge().vms()).isEmpty();
        assertThatThrownBy(placing::get).cause().isInstanceOf(FaultException.class);
      }
    }

    @Test
    void takesNoVmForGoneWhileOneCannotBeRead() {
      try (Ground ground = new Ground()) {
        Placed placed = ground.port.call().placeVm(ground.request(1, "lan"));
        HiddenConfig.of(ground.estate.judge().vm("web-01_replica").reference(), ground.front);
        ChangeVm change = new ChangeVm(step(2), "web-01.7", placed.vm());

        assertUnknown(() -> ground.port.call().placeVm(ground.request(1, "lan")));
        assertUnknown(() -> ground.port.call().leaveVm(change));
        assertUnknown(() -> ground.port.call().removeVm(change));
        ground.front.heal();

        assertThat(ground.estate.judge().vms()).containsExactly("web-01_replica");
        assertThat(ground.port.call().removeVm(change).changed()).isTrue();
      }
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
      try (Ground ground = new Ground()) {
        VmRef template = ground.owner.make("golden", 1, "");
        ground.owner.turnIntoTemplate(template);
        HiddenConfig.of(ground.estate.judge().vm("golden").reference(), ground.front);

        assertThat(ground.port.call().placeVm(ground.request(1, "lan")).changed()).isTrue();
      }
    }

    @Test
    void namesANetworkThatItsHostLacks() {
      try (Ground ground = new Ground()) {
        assertThatThrownBy(() -> ground.port.call().placeVm(ground.request(1, "nowhere")))
            .isInstanceOfSatisfying(
                FaultException.class,
                thrown -> {
                  assertThat(thrown.fault()).isEqualTo(Fault.INVALID_INPUT);
                  assertThat(thrown.sentence()).contains("'nowhere'", "lan");
                });
        assertThat(ground.estate.judge().vms()).isEmpty();
      }
    }

    @Test
    void bootsFromTheKindOfControllerThatProductionHas() {
      try (Ground ground = new Ground()) {
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

        assertThat(ground.estate.judge().devices("web-01_replica"))
            .extracting(Judge.Device::kind)
            .contains("VirtualLsiLogicSASController")
            .doesNotContain("ParaVirtualSCSIController");
        assertThat(ground.estate.judge().vm("web-01_replica").guest()).isEqualTo("rhel8_64Guest");
      }
    }

    @Test
    void showsTheGuestItsDisksUuidsAsProductionDoes() {
      try (Ground ground = new Ground()) {
        PlaceVm request = ground.request(uuids("TRUE"));

        Placed placed = ground.port.call().placeVm(request);
        assertThat(ground.estate.judge().vm("web-01_replica").extraConfig())
            .containsEntry("disk.EnableUUID", "TRUE")
            .containsEntry(Replicas.KEY, "web-01.7");

        ReshapeVm other =
            new ReshapeVm(
                step(2),
                placed.vm(),
                "web-01_replica",
                uuids("FALSE"),
                placed.disks(),
                request.production());
        assertThat(ground.port.call().reshapeVm(other).changed()).isTrue();
        assertThat(ground.estate.judge().vm("web-01_replica").extraConfig())
            .containsEntry("disk.EnableUUID", "FALSE");
        assertThat(ground.port.call().reshapeVm(other).changed()).isFalse();
      }
    }

    private static Hardware uuids(String shown) {
      return new Hardware(2, 2L << 30, Firmware.EFI, List.of(), Map.of("vsphere.diskUuids", shown));
    }

    @Test
    void growsNoDiskThatHasSnapshots() throws Exception {
      try (Ground ground = new Ground()) {
        PlaceVm request = ground.request(1, "lan");
        Placed placed = ground.port.call().placeVm(request);
        ground.owner.snapshot(placed.vm(), "point-1");

        ReshapeVm larger =
            new ReshapeVm(
                step(2),
                placed.vm(),
                "web-01_replica",
                request.hardware(),
                placed.disks(),
                List.of(new DiskShape("disk-a", 4 * MIB)));
        assertThatThrownBy(() -> ground.port.call().reshapeVm(larger))
            .isInstanceOfSatisfying(
                FaultException.class,
                thrown -> assertThat(thrown.fault()).isEqualTo(Fault.SHAPE_CHANGED));
        assertThat(ground.estate.judge().disks("web-01_replica"))
            .extracting(Judge.Device::capacityBytes)
            .containsExactly(MIB);
      }
    }

    @Test
    void registersASeedWhoseFilesLieOnADatastore() throws Exception {
      try (Ground ground = new Ground()) {
        String path = ground.unregistered("old-web");

        Placed placed = ground.port.attempt(1).placeVm(ground.seeded(1, path));
        Placed again = ground.port.attempt(2).placeVm(ground.seeded(1, path));

        assertThat(placed.changed()).isTrue();
        assertThat(again).isEqualTo(new Placed(placed.vm(), List.of(), false, 2));
        assertThat(ground.estate.judge().vms()).containsExactly("old-web");
        Judge.Vm registered = ground.estate.judge().vm("old-web");
        assertThat(registered.instanceUuid()).isEqualTo(placed.vm().id());
        assertThat(registered.path()).isEqualTo(path);
        assertThat(registered.extraConfig())
            .containsEntry(Replicas.KEY, "web-01.7")
            .containsEntry("uuid.action", "keep");
      }
    }

    @Test
    void registersItOnceWhenTheAnswerToThatIsLost() throws Exception {
      try (Ground ground = new Ground()) {
        String path = ground.unregistered("old-web");
        ground.front.next("RegisterVM_Task", new Deed.CutAfter());

        Placed placed = ground.port.attempt(1).placeVm(ground.seeded(1, path));
        Placed again = ground.port.attempt(2).placeVm(ground.seeded(1, path));

        assertThat(again.vm()).isEqualTo(placed.vm());
        assertThat(ground.estate.judge().tasks("Folder.registerVm")).isEqualTo(1);
        assertThat(ground.estate.judge().vms()).containsExactly("old-web");
      }
    }

    @Test
    void registersASeedAlsoWhereTheDatastoreCallsItsFolderOtherwise() throws Exception {
      try (Ground ground = new Ground()) {
        String path = ground.unregistered("old-web");
        ground.front.answer(
            "RetrievePropertiesEx",
            request -> {
              SoapServer.Answer answer = ground.front.pass(request);
              return new SoapServer.Answer(
                  answer.status(),
                  answer.headers(),
                  answer.body().replace(path, path.replace("] old-web/", "] 5f3c8e5a-0b17/")));
            });

        Placed placed = ground.port.call().placeVm(ground.seeded(1, path));

        assertThat(placed.vm().name()).isEqualTo("old-web");
        assertThat(ground.estate.judge().vm("old-web").extraConfig())
            .containsEntry(Replicas.KEY, "web-01.7");
      }
    }

    @Test
    void takesAVmThatIsRegisteredAlreadyByItsPath() throws Exception {
      try (Ground ground = new Ground()) {
        VmRef there = ground.owner.make("old-web", 1, "");
        String path = ground.estate.judge().vm("old-web").path();

        assertThat(ground.port.call().placeVm(ground.seeded(1, path)).vm()).isEqualTo(there);
        assertThat(ground.front.calls("RegisterVM_Task")).isZero();
      }
    }

    @Test
    void saysThatTheSeedsFilesAreNotThere() {
      try (Ground ground = new Ground()) {
        PlaceVm request = ground.seeded(1, "[LocalDS_0] nobody/nobody.vmx");

        assertThatThrownBy(() -> ground.port.call().placeVm(request))
            .isInstanceOfSatisfying(
                FaultException.class,
                thrown -> {
                  assertThat(thrown.fault()).isEqualTo(Fault.VM_NOT_FOUND);
                  assertThat(thrown.sentence()).contains("[LocalDS_0] nobody/nobody.vmx");
                });
        assertThat(ground.estate.judge().vms()).isEmpty();
      }
    }

    private static Mandate step(long number) {
      return new Mandate("operation", "step " + number, new Fence(1, 7, number, 0));
    }

    private static final class Ground implements AutoCloseable {
      final VcsimEstate estate;
      final Front front;
      final Owner owner;
      private final VCenters vcenters;
      final PortCaller<PlaceholderActivities> port;

      Ground(String... flags) {
        estate = VcsimEstate.empty(flags);
        front = Front.before(estate.vcsim());
        owner = new Owner(estate.vcsim());
        vcenters = new VCenters(Map.of("berlin", new VCenter(front.settings())));
        port = another();
        owner.network("lan");
      }

      /** One who asks at the same time. */
      PortCaller<PlaceholderActivities> another() {
        return new PortCaller<>(
            PlaceholderActivities.class, new VspherePlaceholderActivities(vcenters));
      }

      PlaceVm request(long number, String network) {
        return request(
            number,
            new Hardware(2, 2L << 30, Firmware.EFI, List.of(new Nic(network, true, List.of()))));
      }

      /** Files of a VM that its vCenter knows no more; the path of its configuration. */
      String unregistered(String name) throws RemoteException {
        var _ = owner.make(name, 1, "");
        String path = estate.judge().vm(name).path();
        estate.judge().unregister(name);
        return path;
      }

      PlaceVm seeded(long number, String path) {
        PlaceVm plain = request(number, "lan");
        return new PlaceVm(
            plain.mandate(),
            plain.site(),
            plain.replicaId(),
            plain.name(),
            plain.hardware(),
            List.of(),
            plain.placement(),
            new Seed(path, Map.of()));
      }

      PlaceVm request(Hardware hardware) {
        return request(1, hardware);
      }

      private PlaceVm request(long number, Hardware hardware) {
        return new PlaceVm(
            step(number),
            "berlin",
            "web-01.7",
            "web-01_replica",
            hardware,
            List.of(new DiskShape("disk-a", MIB)),
            Placement.ANYWHERE,
            null);
      }

      @Override
      public void close() {
        port.close();
        owner.close();
        vcenters.close();
        front.close();
        estate.close();
      }
    }
  }
}
