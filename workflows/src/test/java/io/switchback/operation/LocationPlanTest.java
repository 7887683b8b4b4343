package io.switchback.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskFormat;
import io.switchback.model.DiskPair;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.SiteSettings;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.HostRoom;
import io.switchback.port.RoomActivities.Room;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LocationPlanTest {
  private static final VmRef RECOVERY = new VmRef("munich", "r-web-01", "web-01_replica");
  private static final Replica REPLICA =
      new Replica(
          "web-01.4",
          "web-01",
          new VmRef("berlin", "p-web-01", "web-01"),
          RECOVERY,
          List.of(new DiskPair("p", "r", 8L << 20), new DiskPair("q", "s", 8L << 20)),
          List.of());

  @Test
  void thickDisksNeedAllTheirRoomAtOnceAndThinOnesAreSaidToGrow() {
    LocationPlan thick = plan(asked("store-1", DiskFormat.THICK, Map.of()), List.of(), "lan");
    LocationPlan thin = plan(asked("store-1", DiskFormat.THIN, Map.of()), List.of(), "lan");

    thick.refuseLackOf(room(1 << 20, 1L << 40), true);
    thin.refuseLackOf(room(1 << 20, 1L << 40), true);

    assertThat(thick.mistakes()).hasSize(1).first().asString().contains("'store-1' has 1 MiB free");
    assertThat(thin.mistakes()).isEmpty();
    assertThat(thin.notes()).isEqualTo(thick.mistakes());
  }

  @Test
  void oneDatastoreWithRoomIsEnoughWhereTheSiteChooses() {
    LocationPlan plan = plan(asked("", DiskFormat.THICK, Map.of()), List.of(), "lan");

    plan.refuseLackOf(room(1 << 20, 1L << 40), true);

    assertThat(plan.mistakes()).isEmpty();
  }

  @Test
  void whatASiteSaysOfPlacementFillsWhatIsLeftOpen() {
    LocationPlan plan =
        LocationPlan.of(
            REPLICA,
            new NewLocation("", new Placement("", "store-2", ""), DiskFormat.THIN, Map.of()),
            seen("lan"),
            List.of(),
            site(new Placement("host-1", "store-1", "prod")));

    assertThat(plan.planned().placement()).isEqualTo(new Placement("host-1", "store-2", "prod"));
    assertThat(plan.planned().name()).isEqualTo("web-01");
  }

  @Test
  void aMapThatSaysSoAlreadyStaysAsItIs() {
    List<NetworkMapping> map =
        List.of(new NetworkMapping("lan", "dr-lan", ""), new NetworkMapping("dmz", "dr-dmz", ""));

    LocationPlan same = plan(asked("", DiskFormat.THIN, Map.of()), map, "dr-lan", "dr-dmz");
    LocationPlan other =
        plan(asked("", DiskFormat.THIN, Map.of("dr-dmz", "dmz-2")), map, "dr-lan", "dr-dmz");

    assertThat(same.planned().networks()).isEmpty();
    assertThat(other.planned().networks())
        .containsExactly(
            new NetworkMapping("lan", "dr-lan", ""), new NetworkMapping("dmz-2", "dr-dmz", ""));
  }

  @Test
  void networksWithoutAMapAreCalledTheSame() {
    LocationPlan plan = plan(asked("", DiskFormat.THIN, Map.of()), List.of(), "lan");

    assertThat(plan.planned().hardware().nics()).extracting(Nic::network).containsExactly("lan");
    assertThat(plan.planned().networks()).isEmpty();
  }

  @Test
  void refusesTwoOfTheReplicasNetworksAsOne() {
    LocationPlan plan =
        plan(asked("", DiskFormat.THIN, Map.of("a", "lan", "b", "lan")), List.of(), "a", "b");

    assertThat(plan.mistakes()).hasSize(1).first().asString().contains("a, b would all be 'lan'");
  }

  private static NewLocation asked(
      String datastore, DiskFormat format, Map<String, String> networks) {
    return new NewLocation("", new Placement("", datastore, ""), format, networks);
  }

  private static LocationPlan plan(
      NewLocation asked, List<NetworkMapping> map, String... networks) {
    return LocationPlan.of(REPLICA, asked, seen(networks), map, site(Placement.ANYWHERE));
  }

  private static VmProfile seen(String... networks) {
    return new VmProfile(
        RECOVERY,
        PowerState.ON,
        new Hardware(
            2,
            1L << 30,
            Firmware.BIOS,
            Stream.of(networks).map(one -> new Nic(one, true, List.of())).toList()),
        List.of(),
        Placement.ANYWHERE,
        List.of());
  }

  private static SiteSettings site(Placement placement) {
    return SiteSettings.named("berlin").placement(placement).build();
  }

  private static Room room(long... freeBytes) {
    return new Room(
        "berlin",
        List.of(new HostRoom("host-1", 64, 64, 1L << 40, 1L << 40)),
        List.of(
            new DatastoreRoom("store-1", 1L << 40, freeBytes[0]),
            new DatastoreRoom("store-2", 1L << 40, freeBytes[1])),
        List.of(),
        Instant.EPOCH);
  }
}
