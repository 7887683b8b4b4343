package io.switchback.registry;

import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Forecast;
import io.switchback.model.Forecast.Sample;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.Room;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How much room the datastores of sites had, and how long they will have some. */
final class RoomSamples {
  /** All loops of a site share one measurement of it. */
  private static final String EVERY = "interval '10 seconds'";

  /** What fills slowly needs hours to show it, and more than that says little of now. */
  private static final String KEPT = "interval '6 hours'";

  private RoomSamples() {}

  /** Whether the site's room has not been measured lately. */
  static boolean areDue(JdbcClient jdbc, String site) {
    return !jdbc.sql(
            "select exists (select from room_sample where site = :site and recorded_at > clock_timestamp() - "
                + EVERY
                + ")")
        .param("site", site)
        .query(Boolean.class)
        .single();
  }

  static void keep(JdbcClient jdbc, Room room) {
    for (DatastoreRoom store : room.datastores()) {
      jdbc.sql(
              """
              insert into room_sample (site, datastore, at, capacity_bytes, free_bytes)
              values (:site, :datastore, :at, :capacity, :free)
              on conflict do nothing
              """)
          .param("site", room.site())
          .param("datastore", store.name())
          .param("at", room.at().atOffset(ZoneOffset.UTC))
          .param("capacity", store.capacityBytes())
          .param("free", store.freeBytes())
          .update();
    }
    jdbc.sql("delete from room_sample where site = :site and at < :at - " + KEPT)
        .param("site", room.site())
        .param("at", room.at().atOffset(ZoneOffset.UTC))
        .update();
  }

  /** The outlook of every datastore that was measured lately. */
  static List<DatastoreOutlook> outlooks(JdbcClient jdbc) {
    return jdbc
        .sql("select distinct site from room_sample order by site")
        .query((row, number) -> row.getString("site"))
        .list()
        .stream()
        .flatMap(site -> outlooks(jdbc, site).stream())
        .toList();
  }

  /** The outlook of every datastore of the site. */
  static List<DatastoreOutlook> outlooks(JdbcClient jdbc, String site) {
    record Row(String datastore, long capacityBytes, Sample sample) {}
    Map<String, List<Row>> byDatastore = new LinkedHashMap<>();
    jdbc.sql(
            """
            select datastore, capacity_bytes, free_bytes, at from room_sample
            where site = :site order by datastore, at
            """)
        .param("site", site)
        .query(
            (row, number) ->
                new Row(
                    row.getString("datastore"),
                    row.getLong("capacity_bytes"),
                    new Sample(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getLong("free_bytes"))))
        .list()
        .forEach(
            row -> byDatastore.computeIfAbsent(row.datastore(), n -> new ArrayList<>()).add(row));
    return byDatastore.entrySet().stream()
        .map(
            of -> {
              Row newest = of.getValue().getLast();
              return new DatastoreOutlook(
                  site,
                  of.getKey(),
                  newest.capacityBytes(),
                  newest.sample().freeBytes(),
                  Forecast.fullIn(of.getValue().stream().map(Row::sample).toList()).orElse(null));
            })
        .toList();
  }
}
