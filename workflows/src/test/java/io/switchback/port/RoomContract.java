package io.switchback.port;

import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.HostRoom;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.RoomActivities.VmNeed;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link RoomActivities} promises. */
public abstract class RoomContract {
  private static final int WRITTEN = 8 << 20;

  private RoomFixture site;
  private VmRef vm;
  private PortCaller<RoomActivities> rooms;

  /** A site of its own for one test. */
  protected abstract RoomFixture open() throws Exception;

  @BeforeEach
  final void openSite() throws Exception {
    site = open();
    vm = site.vm();
    rooms = new PortCaller<>(RoomActivities.class, site.rooms());
  }

  @AfterEach
  final void closeSite() {
    rooms.close();
    site.close();
  }

  @Test
  void answersEveryHostAndDatastore() {
    Room room = measure();

    assertThat(room.site()).isEqualTo(vm.site());
    assertThat(room.hosts())
        .isNotEmpty()
        .allSatisfy(
            host -> {
              assertThat(host.name()).isNotBlank();
              assertThat(host.freeCpus()).isBetween(0, host.cpus());
              assertThat(host.freeMemoryBytes()).isBetween(0L, host.memoryBytes());
            });
    assertThat(room.datastores())
        .isNotEmpty()
        .allSatisfy(
            store -> {
              assertThat(store.name()).isNotBlank();
              assertThat(store.freeBytes()).isBetween(0L, store.capacityBytes());
            });
  }

  @Test
  void aVmThatRunsTakesItsShareOfAHost() {
    Room before = measure();

    site.power(vm, ON);

    Room after = measure();
    assertThat(freeMemory(before) - freeMemory(after)).isEqualTo(1L << 30);
    assertThat(freeCpus(before) - freeCpus(after)).isEqualTo(2);
  }

  @Test
  void aVmThatIsOffGivesItsShareBack() {
    Room before = measure();
    site.power(vm, ON);
    assertThat(freeMemory(measure())).isLessThan(freeMemory(before));

    site.power(vm, OFF);

    assertThat(freeMemory(measure())).isEqualTo(freeMemory(before));
  }

  @Test
  void whatAVmWritesTakesRoomOfItsDatastore() {
    Room before = measure(vm);
    String datastore = before.needs().getFirst().datastore();

    site.write(vm, WRITTEN);

    assertThat(free(before, datastore) - free(measure(vm), datastore))
        .isBetween((long) WRITTEN, 2L * WRITTEN);
  }

  @Test
  void saysWhatEachVmNeeds() {
    assertThat(measure(vm).needs())
        .singleElement()
        .returns(vm, VmNeed::vm)
        .returns(2, VmNeed::cpus)
        .returns(1L << 30, VmNeed::memoryBytes)
        .satisfies(need -> assertThat(need.diskBytes()).isPositive());
  }

  @Test
  void aVmThatRunsNeedsNothing() {
    site.power(vm, ON);

    assertThat(measure(vm).needs()).isEmpty();
  }

  @Test
  void namesAVmThatTheHypervisorDoesNotKnow() {
    SiteContract.assertFault(
        Fault.VM_NOT_FOUND, () -> measure(new VmRef(vm.site(), "vm-nobody-knows", "nobody")));
  }

  @Test
  void saysThatTheSiteDoesNotAnswer() {
    site.breakSite();

    SiteContract.assertFault(Fault.SITE_UNREACHABLE, this::measure);
  }

  private Room measure(VmRef... toStart) {
    return rooms.call().measureRoom(new MeasureRoom(vm.site(), List.of(toStart)));
  }

  private static long freeMemory(Room room) {
    return room.hosts().stream().mapToLong(HostRoom::freeMemoryBytes).sum();
  }

  private static int freeCpus(Room room) {
    return room.hosts().stream().mapToInt(HostRoom::freeCpus).sum();
  }

  private static long free(Room room, String datastore) {
    return room.datastores().stream()
        .filter(store -> store.name().equals(datastore))
        .mapToLong(DatastoreRoom::freeBytes)
        .sum();
  }
}
