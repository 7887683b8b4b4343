package io.switchback.worker.run;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.switchback.model.CheckOverride;
import io.switchback.model.Replica;
import io.switchback.operation.Checks;
import io.switchback.operation.OperationRequest;
import io.switchback.operation.RoomCheck;
import io.switchback.operation.RoomPreflight;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.WatchActivities;
import io.switchback.port.WatchActivities.MeasureWrites;
import io.switchback.port.WatchActivities.WriteRates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a failover would find of the room at its recovery sites, for all of its VMs together. */
final class RoomPreview {
  private final WatchActivities watch;
  private final SiteLooks sites;

  RoomPreview(WatchActivities watch, SiteLooks sites) {
    this.watch = watch;
    this.sites = sites;
  }

  List<String> notes(List<Replica> replicas, OperationRequest request) {
    List<String> notes = new ArrayList<>();
    Map<String, List<Replica>> bySite =
        replicas.stream()
            .collect(groupingBy(one -> one.recovery().site(), LinkedHashMap::new, toList()));
    bySite.forEach((site, there) -> add(site, there, request, notes));
    return notes;
  }

  private void add(
      String site, List<Replica> replicas, OperationRequest request, List<String> notes) {
    Optional<Room> room = sites.room(site, replicas.stream().map(Replica::recovery).toList());
    if (room.isEmpty()) {
      notes.add(
          "site '%s' cannot be asked from here whether it has room; the run asks again"
              .formatted(site));
      return;
    }
    WriteRates writes =
        watch.measureWrites(new MeasureWrites(replicas.stream().map(Replica::id).toList()));
    RoomCheck.finding(room.get(), RoomPreflight.bytesPerHour(writes, replicas), writes.enoughFor())
        .ifPresent(finding -> notes.add(finding + end(request)));
  }

  private static String end(OperationRequest request) {
    return request.overrides().stream()
        .filter(override -> override.check().equals(Checks.NO_ROOM))
        .findFirst()
        .map(RoomPreview::overridden)
        .orElse("\nThe run would park before it changes anything.");
  }

  private static String overridden(CheckOverride override) {
    return "\nOverridden by %s: %s".formatted(override.by(), override.reason());
  }
}
