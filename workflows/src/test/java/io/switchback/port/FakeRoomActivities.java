package io.switchback.port;

import io.switchback.model.PowerState;
import io.switchback.port.FakeRoom.Share;
import java.util.List;

/** Room of a {@link FakeSite}. */
class FakeRoomActivities implements RoomActivities {
  final FakeSite site;

  FakeRoomActivities(FakeSite site) {
    this.site = site;
  }

  @Override
  public Room measureRoom(MeasureRoom request) {
    return site.script()
        .run(
            "measureRoom",
            request.site(),
            () -> {
              synchronized (site) {
                site.answer();
                return new Room(
                    request.site(),
                    hosts(),
                    datastores(),
                    request.toStart().stream()
                        .map(site::vm)
                        .filter(vm -> needsRoom(vm))
                        .map(this::need)
                        .toList(),
                    site.now());
              }
            });
  }

  boolean needsRoom(FakeVm vm) {
    return vm.power == PowerState.OFF;
  }

  VmNeed need(FakeVm vm) {
    Share share = site.room().share(vm.ref.id());
    return new VmNeed(
        vm.ref,
        share.cpus(),
        share.memoryBytes(),
        vm.disks.values().stream().mapToLong(FakeDisk::capacityBytes).sum(),
        share.host(),
        share.datastore());
  }

  List<HostRoom> hosts() {
    List<Share> taken =
        site.all().stream()
            .filter(vm -> vm.power == PowerState.ON)
            .map(vm -> site.room().share(vm.ref.id()))
            .toList();
    // All running VMs stand on the first host: a fake needs no scheduler.
    return site.room().hosts.values().stream()
        .map(
            host ->
                host.name().equals("host-1")
                    ? new HostRoom(
                        host.name(),
                        host.cpus(),
                        host.cpus() - taken.stream().mapToInt(Share::cpus).sum(),
                        host.memoryBytes(),
                        host.memoryBytes() - taken.stream().mapToLong(Share::memoryBytes).sum())
                    : host)
        .toList();
  }

  List<DatastoreRoom> datastores() {
    long written = site.all().stream().mapToLong(vm -> vm.unsavedBytes).sum();
    return site.room().datastores.values().stream()
        .map(
            store ->
                new DatastoreRoom(store.name(), store.capacityBytes(), store.freeBytes() - written))
        .toList();
  }
}
