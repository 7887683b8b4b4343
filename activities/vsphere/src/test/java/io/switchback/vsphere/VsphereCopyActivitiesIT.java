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
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities;
import io.switchback.port.CopyActivities.Copied;
import io.switchback.port.CopyActivities.Copy;
import io.switchback.port.CopyActivities.CopyVm;
import io.switchback.port.CopyActivities.ListCopies;
import io.switchback.port.CopyActivities.RemoveCopy;
import io.switchback.port.CopyContract;
import io.switchback.port.CopyFixture;
import io.switchback.port.DrillNetworkActivities;
import io.switchback.port.DrillNetworkActivities.MakeDrillNetworks;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PortCaller;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The suite against a simulated vCenter with bytes; each test has one of its own. */
@ByteTier
class VsphereCopyActivitiesIT extends CopyContract {
  @Override
  protected CopyFixture open() {
    return new VcsimCopyFixture();
  }

  /** What only a vCenter does. */
  @Nested
  class OfVCenterAlone {
    @Test
    void makesOneCopyWhenTheAnswerToTheCloneIsLost() {
      try (Ground ground = new Ground()) {
        ground.fixture.front().next("CloneVM_Task", new Deed.CutAfter());

        Copied first = ground.port.attempt(1).copyVm(ground.request(true));
        Copied second = ground.port.attempt(2).copyVm(ground.request(true));

        assertThat(second.vm()).isEqualTo(first.vm());
        assertThat(ground.fixture.judge().vms()).containsExactly("web-01_drill", "web-01_replica");
        assertThat(ground.fixture.judge().vm("web-01_drill").instanceUuid())
            .isEqualTo(first.vm().id());
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"web-01_drill", "web-01_replica"})
    void takesNeitherACopyNorWhatItSharesForGoneWhileItCannotBeRead(String hidden) {
      try (Ground ground = new Ground()) {
        var _ = ground.port.call().copyVm(ground.request(true));
        String holds = ground.holds();
        HiddenConfig.of(ground.fixture.judge().vm(hidden).reference(), ground.fixture.front());

        assertThatThrownBy(() -> ground.port.call().removeCopy(ground.removal()))
            .isInstanceOfSatisfying(
                FaultException.class,
                thrown -> {
                  assertThat(thrown.fault()).isEqualTo(Fault.SITE_UNREACHABLE);
                  assertThat(thrown.sentence()).contains(hidden);
                });
        ground.fixture.front().heal();

        assertThat(holds).isNotEmpty();
        assertThat(ground.holds()).isEqualTo(holds);
        var _ = ground.port.call().removeCopy(ground.removal());
        assertThat(ground.holds()).isEmpty();
        assertThat(ground.fixture.judge().vms()).containsExactly("web-01_replica");
      }
    }

    @Test
    void needsNoVmToBeReadThatIsKnownToBeAnother() throws Exception {
      try (Ground ground = new Ground()) {
        var _ = ground.fixture.owner().make("away", 1, "");
        HiddenConfig.of(ground.fixture.judge().vm("away").reference(), ground.fixture.front());

        assertThat(ground.port.call().copyVm(ground.request(true)).changed()).isTrue();
        assertThat(ground.port.call().removeCopy(ground.removal()).changed()).isTrue();
      }
    }

    @Test
    void waitsForAClonesEndWhenItsAnswerIsLost() {
      try (Ground ground = Ground.slow()) {
        ground.fixture.front().next("CloneVM_Task", new Deed.CutAfter());

        Copied copy = ground.port.attempt(1).copyVm(ground.request(true));

        assertThat(ground.fixture.judge().vm("web-01_drill").instanceUuid())
            .isEqualTo(copy.vm().id());
        assertThat(ground.fixture.front().calls("CloneVM_Task")).isEqualTo(1);
      }
    }

    @Test
    void goesOnWithACloneThatNobodyToldItOf() throws Exception {
      try (Ground ground = Ground.slow();
          PortCaller<CopyActivities> late = ground.another()) {
        CountDownLatch begun = ground.begun();
        var _ = ground.copying();
        begun.await();

        Copied second = late.attempt(2).copyVm(ground.request(true));

        assertThat(ground.fixture.judge().vm("web-01_drill").instanceUuid())
            .isEqualTo(second.vm().id());
        assertThat(ground.fixture.front().calls("CloneVM_Task")).isEqualTo(1);
      }
    }

    @Test
    void removesACopyThatIsStillBeingMade() throws Exception {
      try (Ground ground = Ground.slow();
          PortCaller<CopyActivities> other = ground.another()) {
        CountDownLatch begun = ground.begun();
        Future<Copied> copying = ground.copying();
        begun.await();

        var _ = other.call().removeCopy(ground.removal());

        assertThat(ground.fixture.owner().runningTasks()).isEmpty();
        assertThat(ground.fixture.judge().vms()).containsExactly("web-01_replica");
        assertThatThrownBy(copying::get).cause().isInstanceOf(FaultException.class);
      }
    }

    @Test
    void removesACloneThatBeganAfterItWasGivenUp() throws Exception {
      try (Ground ground = new Ground();
          PortCaller<CopyActivities> other = ground.another()) {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        ground.cloning(
            request -> {
              asked.countDown();
              await(goOn);
              return ground.fixture.front().pass(request);
            });
        Future<Copied> copying = ground.copying();
        asked.await();

        assertThat(other.call().removeCopy(ground.removal()).changed()).isFalse();
        goOn.countDown();

        assertThatThrownBy(copying::get)
            .cause()
            .isInstanceOfSatisfying(
                FaultException.class, thrown -> assertThat(thrown.fault()).isEqualTo(Fault.FENCED));
        assertThat(ground.fixture.judge().vms()).containsExactly("web-01_replica");
      }
    }

    @Test
    void leavesAloneWhatOnlyHasACopysMark() throws Exception {
      try (Ground ground = new Ground()) {
        VmRef somebodys = ground.fixture.owner().make("clone-of-a-copy", 1, "");
        ground
            .fixture
            .judge()
            .setExtraConfig("clone-of-a-copy", LinkedCopies.KEY, "drill-7/web-01.7");

        Copied copy = ground.port.call().copyVm(ground.request(true));
        assertThat(ground.port.call().listCopies(new ListCopies("berlin")).copies())
            .containsExactly(new Copy("drill-7/web-01.7", copy.vm()));

        var _ = ground.port.call().removeCopy(ground.removal());
        var _ = ground.port.call().removeCopy(ground.removal());
        assertThat(copy.vm()).isNotEqualTo(somebodys);
        assertThat(ground.fixture.judge().vms())
            .containsExactlyInAnyOrder("clone-of-a-copy", "web-01_replica");
      }
    }

    @Test
    void losesTheReplicasMarksAlsoWhereACloneKeptThem() {
      try (Ground ground = new Ground()) {
        String mark = "<key>%s</key>";
        ground.cloning(
            asked ->
                ground
                    .fixture
                    .front()
                    .pass(
                        new Request(
                            asked.verb(),
                            asked.method(),
                            asked.path(),
                            asked
                                .body()
                                .replace(mark.formatted(Replicas.KEY), mark.formatted("other")),
                            asked.cookie(),
                            asked.action(),
                            asked.headers())));

        var _ = ground.port.call().copyVm(ground.request(true));

        assertThat(ground.fixture.judge().vm("web-01_drill").extraConfig())
            .containsEntry(LinkedCopies.KEY, "drill-7/web-01.7")
            .satisfies(all -> assertThat(all.getOrDefault(Replicas.KEY, "")).isEmpty());
      }
    }

    @Test
    void looksForSharedFilesRightBeforeASnapshotIsRemoved() {
      try (Ground ground = new Ground();
          PortCaller<SnapshotActivities> snapshots =
              new PortCaller<>(SnapshotActivities.class, ground.fixture.snapshots())) {
        String shared =
            ground.fixture.judge().snapshots("web-01_replica").getFirst().reference() + ":0000beef";
        ground
            .fixture
            .front()
            .next(
                "ReconfigVM_Task",
                new Deed.Say(
                    request -> {
                      Answer answer = ground.fixture.front().pass(request);
                      ground
                          .fixture
                          .owner()
                          .attribute(ground.replica, LinkedCopies.ATTRIBUTE, shared);
                      return answer;
                    }));

        assertThatThrownBy(
                () ->
                    snapshots
                        .call()
                        .removeSnapshot(new ChangeSnapshot(step(4), ground.replica, "point-1")))
            .isInstanceOfSatisfying(
                FaultException.class,
                thrown -> {
                  assertThat(thrown.fault()).isEqualTo(Fault.DISK_IN_USE);
                  assertThat(thrown.sentence()).contains("0000beef", LinkedCopies.ATTRIBUTE);
                });
        assertThat(ground.fixture.judge().snapshots("web-01_replica")).hasSize(1);
      }
    }

    @Test
    void holdsItsSnapshotOnceMoreWhenAnotherCopyOverwroteThat() {
      try (Ground ground = new Ground()) {
        ground.cloning(
            request -> {
              ground
                  .fixture
                  .owner()
                  .attribute(ground.replica, LinkedCopies.ATTRIBUTE, "snapshot-1:0000beef");
              return ground.fixture.front().pass(request);
            });

        var _ = ground.port.call().copyVm(ground.request(true));

        assertThat(ground.fixture.judge().attribute("web-01_replica", LinkedCopies.ATTRIBUTE))
            .contains("snapshot-1:0000beef")
            .contains(LinkedCopies.uuid("drill-7/web-01.7").substring(0, 8));
      }
    }

    @Test
    void inheritsNothingByWhichTheReplicaIsKnown() {
      try (Ground ground = new Ground()) {
        Copied copy = ground.port.call().copyVm(ground.request(true));

        assertThat(ground.fixture.judge().vm("web-01_drill").extraConfig())
            .containsEntry(LinkedCopies.KEY, "drill-7/web-01.7")
            .containsEntry(LinkedCopies.LINKED, ground.replica.id())
            .containsEntry(Fences.KEY, "1.7.3.1")
            .satisfies(
                all -> {
                  assertThat(all.getOrDefault(Replicas.KEY, "")).isEmpty();
                  assertThat(all.getOrDefault(DiskSlots.KEY, "")).isEmpty();
                  assertThat(all.getOrDefault(Untouched.KEY, "")).isEmpty();
                });
        assertThat(copy.vm().name()).isEqualTo("web-01_drill");
      }
    }

    @Test
    void asksForFilesOfTheSnapshotOrForWholeOnes() {
      try (Ground ground = new Ground()) {
        AtomicReference<String> asked = new AtomicReference<>("");
        ground
            .fixture
            .front()
            .answer(
                "CloneVM_Task",
                (Request request) -> {
                  asked.set(request.body());
                  return ground.fixture.front().pass(request);
                });
        String snapshot = ground.fixture.judge().snapshots("web-01_replica").getFirst().reference();

        var _ = ground.port.call().copyVm(ground.request(true));
        assertThat(asked.get())
            .contains("<diskMoveType>createNewChildDiskBacking<")
            .contains(">" + snapshot + "</snapshot>");

        var _ = ground.port.call().removeCopy(ground.removal());
        var _ = ground.port.call().copyVm(ground.other(false));
        assertThat(asked.get())
            .contains("<diskMoveType>moveAllDiskBackingsAndDisallowSharing<")
            .contains(">" + snapshot + "</snapshot>");
      }
    }

    @Test
    void tellsWhoSharesASnapshotsFilesWhereNoRevertReaches() {
      try (Ground ground = new Ground()) {
        String before = ground.fixture.judge().attribute("web-01_replica", LinkedCopies.ATTRIBUTE);
        var _ = ground.port.call().copyVm(ground.request(true));
        String snapshot = ground.fixture.judge().snapshots("web-01_replica").getFirst().reference();

        assertThat(before).isEmpty();
        assertThat(ground.fixture.judge().attribute("web-01_replica", LinkedCopies.ATTRIBUTE))
            .startsWith(snapshot + ":");

        var _ = ground.port.call().removeCopy(ground.removal());
        assertThat(ground.fixture.judge().attribute("web-01_replica", LinkedCopies.ATTRIBUTE))
            .isEmpty();
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Mandate step(long number) {
    return new Mandate("operation", "step " + number, new Fence(1, 7, number, 0));
  }

  /** A replica with a snapshot, and a network of a drill. */
  private static final class Ground implements AutoCloseable {
    final VcsimCopyFixture fixture;
    final PortCaller<CopyActivities> port;
    final VmRef replica;
    private final String network;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Ground() {
      this(new VcsimCopyFixture());
    }

    /** Where a clone takes its time; of the API alone, which passes it on at once. */
    static Ground slow() {
      return new Ground(
          new VcsimCopyFixture(
              Front::before, "-task-delay", "CloneVm=2000", "-task-delay", "LockHandoff=0"));
    }

    private Ground(VcsimCopyFixture fixture) {
      this.fixture = fixture;
      this.port = another();
      try (PortCaller<PlaceholderActivities> placing =
              new PortCaller<>(PlaceholderActivities.class, fixture.placeholders());
          PortCaller<DrillNetworkActivities> networks =
              new PortCaller<>(DrillNetworkActivities.class, fixture.drillNetworks())) {
        replica =
            placing
                .call()
                .placeVm(
                    new PlaceVm(
                        step(1),
                        fixture.site(),
                        "web-01.7",
                        "web-01_replica",
                        new Hardware(
                            1, 1L << 30, Firmware.EFI, List.of(new Nic("dr-lan", true, List.of()))),
                        List.of(new DiskShape("disk-a", 1 << 20)),
                        fixture.placement(),
                        null))
                .vm();
        fixture.snapshot(replica, step(2), "point-1");
        network =
            networks
                .call()
                .makeDrillNetworks(
                    new MakeDrillNetworks(
                        step(1),
                        fixture.site(),
                        "drill-7",
                        fixture.placement().host(),
                        List.of("dr-lan")))
                .networks()
                .get("dr-lan");
      }
    }

    /** One who asks at the same time. */
    PortCaller<CopyActivities> another() {
      return new PortCaller<>(CopyActivities.class, fixture.copies());
    }

    /** Asks for the copy, and does not wait. */
    Future<Copied> copying() {
      return threads.submit(() -> port.call().copyVm(request(true)));
    }

    /** What becomes of the next clone. */
    void cloning(Function<Request, Answer> answer) {
      fixture.front().next("CloneVM_Task", new Deed.Say(answer));
    }

    /** Comes down when the next clone is under way. */
    CountDownLatch begun() {
      CountDownLatch begun = new CountDownLatch(1);
      cloning(
          request -> {
            Answer answer = fixture.front().pass(request);
            begun.countDown();
            return answer;
          });
      return begun;
    }

    /** Which copies share files with the replica. */
    String holds() {
      return fixture.judge().attribute("web-01_replica", LinkedCopies.ATTRIBUTE);
    }

    CopyVm request(boolean linked) {
      return request("drill-7/web-01.7", "web-01_drill", linked);
    }

    CopyVm other(boolean linked) {
      return request("drill-8/web-01.7", "web-01_other", linked);
    }

    private CopyVm request(String copyId, String name, boolean linked) {
      return new CopyVm(
          step(3),
          replica,
          "point-1",
          copyId,
          name,
          linked,
          fixture.placement(),
          List.of(new Nic(network, true, List.of())));
    }

    RemoveCopy removal() {
      return new RemoveCopy(step(4), "drill-7/web-01.7", replica);
    }

    @Override
    public void close() {
      threads.close();
      port.close();
      fixture.close();
    }
  }
}
