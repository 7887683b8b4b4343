package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Nic;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities;
import io.switchback.port.CopyActivities.Copied;
import io.switchback.port.CopyActivities.CopyVm;
import io.switchback.port.CopyActivities.RemoveCopy;
import io.switchback.port.CopyContract;
import io.switchback.port.CopyFixture;
import io.switchback.port.DrillNetworkActivities;
import io.switchback.port.DrillNetworkActivities.MakeDrillNetworks;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PortCaller;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The suite against a simulated vCenter with bytes (byte tier); each test has one of its own. */
@Tag("process")
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

  private static Mandate step(long number) {
    return new Mandate("operation", "step " + number, new Fence(1, 7, number, 0));
  }

  /** A replica with a snapshot, and a network of a drill. */
  private static final class Ground implements AutoCloseable {
    final VcsimCopyFixture fixture = new VcsimCopyFixture();
    final PortCaller<CopyActivities> port =
        new PortCaller<>(CopyActivities.class, fixture.copies());
    final VmRef replica;
    private final String network;

    Ground() {
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
      port.close();
      fixture.close();
    }
  }
}
