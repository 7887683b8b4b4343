package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.HostRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.RoomActivities.VmNeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Tells whether a site has room for VMs that are to be started together. */
public final class RoomCheck {
  private RoomCheck() {}

  /**
   * Every want of room at once, as one text; empty when there is room.
   *
   * @param bytesPerHour how fast production writes, by the id of the VM that would be started; a VM
   *     left out is not known to write
   * @param enoughFor a datastore that holds what is written for less than this is too small
   */
  public static Optional<String> finding(
      Room room, Map<String, Long> bytesPerHour, Duration enoughFor) {
    List<String> wants = wants(room, bytesPerHour, enoughFor);
    return wants.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Site '%s' has no room for what is to be started:%s\nMake room, then retry; or acknowledge, with your name and why."
                .formatted(
                    room.site(), wants.stream().map(want -> "\n  - " + want).collect(joining())));
  }

  /** The same, want by want. */
  static List<String> wants(Room room, Map<String, Long> bytesPerHour, Duration enoughFor) {
    List<String> wants = new ArrayList<>();
    int before = wants.size();
    hosts(room, "of memory", VmNeed::memoryBytes, HostRoom::freeMemoryBytes, wants);
    hosts(room, "CPUs", VmNeed::cpus, HostRoom::freeCpus, wants);
    if (wants.size() == before) {
      together(room, wants);
    }
    room.datastores().forEach(store -> datastore(room, store, bytesPerHour, enoughFor, wants));
    return wants;
  }

  private static void hosts(
      Room room,
      String what,
      ToLongFunction<VmNeed> need,
      ToLongFunction<HostRoom> free,
      List<String> wants) {
    List<VmNeed> homeless =
        Packing.homeless(
            room, List.of(new Packing.Dimension(need, free)), Comparator.comparingLong(need));
    if (homeless.isEmpty()) {
      return;
    }
    boolean bytes = what.startsWith("of ");
    wants.add(
        "needs %s %s for %s: %s. No host is left for %s"
            .formatted(
                amount(room.needs().stream().mapToLong(need).sum(), bytes),
                what,
                vms(room.needs().size()),
                room.hosts().stream()
                    .map(
                        host ->
                            "%s has %s free"
                                .formatted(host.name(), amount(free.applyAsLong(host), bytes)))
                    .collect(joining(", ")),
                names(homeless)));
  }

  /** Each host may have memory for one VM and CPUs for another. */
  private static void together(Room room, List<String> wants) {
    List<VmNeed> homeless =
        Packing.homeless(
            room,
            List.of(
                new Packing.Dimension(VmNeed::memoryBytes, HostRoom::freeMemoryBytes),
                new Packing.Dimension(VmNeed::cpus, HostRoom::freeCpus)),
            Comparator.comparingLong(VmNeed::memoryBytes));
    if (!homeless.isEmpty()) {
      wants.add("no host has both the CPUs and the memory for " + names(homeless));
    }
  }

  private static void datastore(
      Room room,
      DatastoreRoom store,
      Map<String, Long> bytesPerHour,
      Duration enoughFor,
      List<String> wants) {
    List<VmNeed> here =
        room.needs().stream().filter(need -> need.datastore().equals(store.name())).toList();
    long perHour = 0;
    long atMost = 0;
    for (VmNeed need : here) {
      long rate = bytesPerHour.getOrDefault(need.vm().id(), 0L);
      perHour += rate;
      atMost += Math.min(rate * enoughFor.toMinutes() / 60, need.diskBytes());
    }
    if (!here.isEmpty() && (store.freeBytes() == 0 || atMost > store.freeBytes())) {
      wants.add(
          "datastore '%s' has %s of %s free%s"
              .formatted(
                  store.name(),
                  Sentences.size(store.freeBytes()),
                  Sentences.size(store.capacityBytes()),
                  perHour == 0
                      ? ""
                      : ": as production of %s writes, %s an hour, it would be full in %s"
                          .formatted(
                              vms(here.size()),
                              Sentences.size(perHour),
                              Sentences.time(
                                  Duration.ofSeconds(store.freeBytes() * 3600 / perHour)))));
    }
  }

  private static String amount(long value, boolean bytes) {
    return bytes ? Sentences.size(value) : String.valueOf(value);
  }

  private static String vms(int count) {
    return count == 1 ? "1 VM" : count + " VMs";
  }

  private static String names(List<VmNeed> needs) {
    return needs.stream().map(need -> "'" + need.vm().name() + "'").collect(joining(", "));
  }
}
