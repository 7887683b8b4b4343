package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities.Copied;
import io.switchback.port.CopyActivities.Copy;
import io.switchback.port.CopyActivities.ListCopies;
import io.switchback.port.PortCaller;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What copies share with a replica at a vCenter, hold of it, and must not take over. */
@ByteTier
class VsphereCopyIT {
  @AutoClose private final CopyGround ground = new CopyGround();

  @ParameterizedTest
  @ValueSource(strings = {"web-01_drill", "web-01_replica"})
  void takesNeitherACopyNorWhatItSharesForGoneWhileItCannotBeRead(String hidden) {
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

  @Test
  void needsNoVmToBeReadThatIsKnownToBeAnother() throws Exception {
    var _ = ground.fixture.owner().make("away", 1, "");
    HiddenConfig.of(ground.fixture.judge().vm("away").reference(), ground.fixture.front());

    assertThat(ground.port.call().copyVm(ground.request(true)).changed()).isTrue();
    assertThat(ground.port.call().removeCopy(ground.removal()).changed()).isTrue();
  }

  @Test
  void leavesAloneWhatOnlyHasACopysMark() throws Exception {
    VmRef somebodys = ground.fixture.owner().make("clone-of-a-copy", 1, "");
    ground.fixture.judge().setExtraConfig("clone-of-a-copy", LinkedCopies.KEY, "drill-7/web-01.7");

    Copied copy = ground.port.call().copyVm(ground.request(true));
    assertThat(ground.port.call().listCopies(new ListCopies("berlin")).copies())
        .containsExactly(new Copy("drill-7/web-01.7", copy.vm()));

    var _ = ground.port.call().removeCopy(ground.removal());
    var _ = ground.port.call().removeCopy(ground.removal());
    assertThat(copy.vm()).isNotEqualTo(somebodys);
    assertThat(ground.fixture.judge().vms())
        .containsExactlyInAnyOrder("clone-of-a-copy", "web-01_replica");
  }

  @Test
  void losesTheReplicasMarksAlsoWhereACloneKeptThem() {
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
                        asked.body().replace(mark.formatted(Replicas.KEY), mark.formatted("other")),
                        asked.cookie(),
                        asked.action(),
                        asked.headers())));

    var _ = ground.port.call().copyVm(ground.request(true));

    assertThat(ground.fixture.judge().vm("web-01_drill").extraConfig())
        .containsEntry(LinkedCopies.KEY, "drill-7/web-01.7")
        .satisfies(all -> assertThat(all.getOrDefault(Replicas.KEY, "")).isEmpty());
  }

  @Test
  void looksForSharedFilesRightBeforeASnapshotIsRemoved() {
    try (CopyGround ground = new CopyGround();
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
                      .removeSnapshot(
                          new ChangeSnapshot(CopyGround.step(4), ground.replica, "point-1")))
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

  @Test
  void inheritsNothingByWhichTheReplicaIsKnown() {
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

  @Test
  void asksForFilesOfTheSnapshotOrForWholeOnes() {
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

  @Test
  void tellsWhoSharesASnapshotsFilesWhereNoRevertReaches() {
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
