package io.switchback.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.HostRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.RoomActivities.VmNeed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether a site has room for VMs that are to be started together. */
final class RoomCheckTest {
  private static final Duration DAY = Duration.ofHours(24);

  private static final long GIB = 1L << 30;

  @Test
  void findsNothingWhereThereIsRoomForAll() {
    assertThat(finding(List.of(host(1, 8, 12), host(2, 8, 8)), vm("a", 2, 12), vm("b", 2, 8)))
        .isEmpty();
  }

  @Test
  void countsAllVmsTogether() {
    assertThat(finding(List.of(host(1, 8, 8)), vm("a", 1, 4), vm("b", 1, 4), vm("c", 1, 4)))
        .contains("needs 12 GiB of memory for 3 VMs: host-1 has 8 GiB free")
        .contains("No host is left for 'c'")
        .contains("acknowledge");
  }

  @Test
  void aVmStandsOnOneHost() {
    assertThat(finding(List.of(host(1, 8, 6), host(2, 8, 6)), vm("a", 1, 8)))
        .contains("needs 8 GiB of memory for 1 VM: host-1 has 6 GiB free, host-2 has 6 GiB free");
  }

  @Test
  void aVmBoundToAHostFindsNoRoomOnAnother() {
    VmNeed bound = need("a", 1, 8, "host-1");

    assertThat(finding(List.of(host(1, 8, 4), host(2, 8, 64)), bound)).contains("'a'");
    assertThat(finding(List.of(host(1, 8, 8), host(2, 8, 4)), bound, vm("b", 1, 4))).isEmpty();
  }

  @Test
  void largeVmsAreNotCrowdedOutBySmallOnes() {
    assertThat(
            finding(
                List.of(host(1, 99, 10), host(2, 99, 4)), vm("small", 1, 4), vm("large", 1, 10)))
        .isEmpty();
  }

  @Test
  void namesEveryWantAtOnce() {
    assertThat(finding(List.of(host(1, 2, 2)), vm("a", 4, 4)))
        .contains("needs 4 GiB of memory")
        .contains("needs 4 CPUs for 1 VM: host-1 has 2 free");
  }

  @Test
  void cpusOfOneHostAndMemoryOfAnotherMakeNoRoom() {
    assertThat(finding(List.of(host(1, 8, 2), host(2, 1, 16)), vm("a", 4, 8)))
        .contains("no host has both the CPUs and the memory for 'a'");
  }

  @Test
  void aDatastoreMustHoldADayOfWhatProductionWrites() {
    Room room = room(List.of(host(1, 8, 8)), 48, vm("a", 1, 1), vm("b", 1, 1));

    assertThat(RoomCheck.finding(room, Map.of("a", GIB, "b", GIB), DAY)).isEmpty();
    assertThat(RoomCheck.finding(room, Map.of("a", 4 * GIB, "b", 4 * GIB), DAY).orElseThrow())
        .contains("datastore 'store-1' has 48 GiB of 1000 GiB free")
        .contains("as production of 2 VMs writes, 8 GiB an hour, it would be full in 6 h");
  }

  @Test
  void aDeltaDoesNotOutgrowItsDisk() {
    VmNeed small = new VmNeed(new VmRef("munich", "a", "a"), 1, GIB, 10 * GIB, "", "store-1");

    assertThat(
            RoomCheck.finding(room(List.of(host(1, 8, 8)), 20, small), Map.of("a", 100 * GIB), DAY))
        .isEmpty();
  }

  @Test
  void asksForRoomForAsLongAsTheSiteWants() {
    Room room = room(List.of(host(1, 8, 8)), 20, vm("a", 1, 1));
    long halfAGib = GIB / 2;

    assertThat(RoomCheck.finding(room, Map.of("a", halfAGib), DAY)).isEmpty();
    assertThat(RoomCheck.finding(room, Map.of("a", halfAGib), Duration.ofDays(2))).isPresent();
  }

  @Test
  void aFullDatastoreIsNoRoomWhoeverWrites() {
    assertThat(RoomCheck.finding(room(List.of(host(1, 8, 8)), 0, vm("a", 1, 1)), Map.of(), DAY))
        .isPresent();
  }

  private static String finding(List<HostRoom> hosts, VmNeed... needs) {
    return RoomCheck.finding(room(hosts, 1000, needs), Map.of(), DAY).orElse("");
  }

  private static Room room(List<HostRoom> hosts, int freeGib, VmNeed... needs) {
    return new Room(
        "munich",
        hosts,
        List.of(new DatastoreRoom("store-1", 1000 * GIB, freeGib * GIB)),
        List.of(needs),
        Instant.EPOCH);
  }

  private static HostRoom host(int number, int cpus, int freeGib) {
    return new HostRoom("host-" + number, 64, cpus, 256 * GIB, freeGib * GIB);
  }

  private static VmNeed vm(String name, int cpus, int gib) {
    return need(name, cpus, gib, "");
  }

  private static VmNeed need(String name, int cpus, int gib, String host) {
    return new VmNeed(
        new VmRef("munich", name, name), cpus, gib * GIB, 1000 * GIB, host, "store-1");
  }
}
