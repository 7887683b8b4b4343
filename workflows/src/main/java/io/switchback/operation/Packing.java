package io.switchback.operation;

import io.switchback.port.RoomActivities.HostRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.RoomActivities.VmNeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Puts VMs on hosts as a hypervisor would: those bound to a host first, then the largest first,
 * each where most is free.
 */
final class Packing {
  private Packing() {}

  /** Something that VMs need and hosts have. */
  record Dimension(ToLongFunction<VmNeed> need, ToLongFunction<HostRoom> free) {}

  private static final class Host {
    private final String name;
    private final long[] left;

    Host(String name, long[] left) {
      this.name = name;
      this.left = left;
    }

    long mostLeft() {
      return left[0];
    }

    boolean takes(VmNeed vm, List<Dimension> dimensions) {
      if (!vm.host().isEmpty() && !vm.host().equals(name)) {
        return false;
      }
      for (int i = 0; i < left.length; i++) {
        if (dimensions.get(i).need().applyAsLong(vm) > left[i]) {
          return false;
        }
      }
      return true;
    }

    void give(VmNeed vm, List<Dimension> dimensions) {
      for (int i = 0; i < left.length; i++) {
        left[i] -= dimensions.get(i).need().applyAsLong(vm);
      }
    }
  }

  /** The VMs for which no host is left. */
  static List<VmNeed> homeless(
      Room room, List<Dimension> dimensions, Comparator<VmNeed> smallestFirst) {
    List<Host> hosts = new ArrayList<>();
    for (HostRoom host : room.hosts()) {
      hosts.add(
          new Host(
              host.name(),
              dimensions.stream().mapToLong(one -> one.free().applyAsLong(host)).toArray()));
    }
    List<VmNeed> order = new ArrayList<>(room.needs());
    order.sort(
        Comparator.<VmNeed, Boolean>comparing(vm -> vm.host().isEmpty())
            .thenComparing(smallestFirst.reversed()));
    List<VmNeed> homeless = new ArrayList<>();
    for (VmNeed vm : order) {
      Optional<Host> chosen =
          hosts.stream()
              .filter(host -> host.takes(vm, dimensions))
              .max(Comparator.comparingLong(Host::mostLeft));
      chosen.ifPresentOrElse(host -> host.give(vm, dimensions), () -> homeless.add(vm));
    }
    return homeless;
  }
}
