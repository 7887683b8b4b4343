package io.switchback.registry;

import io.switchback.model.DatastoreOutlook;
import io.switchback.model.RoomSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Of which datastores people were told that they fill. */
final class RoomNotices {
  private RoomNotices() {}

  /** When people are told: once for each. */
  private enum Urgency {
    WARNING,
    ALARM;

    Duration left(RoomSettings settings) {
      return this == WARNING ? settings.warnBefore() : settings.alarmBefore();
    }
  }

  /** Those of the outlooks that this very sighting is the first to find urgent. */
  static List<DatastoreOutlook> urgent(
      JdbcClient jdbc, String sighting, List<DatastoreOutlook> outlooks) {
    List<DatastoreOutlook> urgent = new ArrayList<>();
    for (DatastoreOutlook outlook : outlooks) {
      RoomSettings settings = SiteRows.room(jdbc, outlook.site());
      boolean told = false;
      for (Urgency urgency : Urgency.values()) {
        Duration left = urgency.left(settings);
        forgetWhatIsOver(jdbc, urgency, left, outlook);
        told |= isFirst(jdbc, urgency, left, sighting, outlook);
      }
      if (told) {
        urgent.add(outlook);
      }
    }
    return urgent;
  }

  private static boolean isFirst(
      JdbcClient jdbc, Urgency urgency, Duration left, String sighting, DatastoreOutlook outlook) {
    Duration fullIn = outlook.fullIn();
    if (fullIn != null && fullIn.compareTo(left) < 0) {
      jdbc.sql(
              """
              insert into room_notice (site, datastore, urgency, sighting, free_bytes)
              values (:site, :datastore, :urgency, :sighting, :free)
              on conflict do nothing
              """)
          .param("site", outlook.site())
          .param("datastore", outlook.datastore())
          .param("urgency", urgency.name())
          .param("sighting", sighting)
          .param("free", outlook.freeBytes())
          .update();
    }
    return jdbc.sql(
            """
            select exists (select from room_notice
              where site = :site and datastore = :datastore and urgency = :urgency
                and sighting = :sighting)
            """)
        .param("site", outlook.site())
        .param("datastore", outlook.datastore())
        .param("urgency", urgency.name())
        .param("sighting", sighting)
        .query(Boolean.class)
        .single();
  }

  /** Room was made, or it fills much slower: the next time is news again. */
  private static void forgetWhatIsOver(
      JdbcClient jdbc, Urgency urgency, Duration left, DatastoreOutlook outlook) {
    Duration fullIn = outlook.fullIn();
    boolean slower = fullIn != null && fullIn.compareTo(left.multipliedBy(2)) > 0;
    jdbc.sql(
            """
            delete from room_notice
            where site = :site and datastore = :datastore and urgency = :urgency
              and (:slower or free_bytes < :free)
            """)
        .param("site", outlook.site())
        .param("datastore", outlook.datastore())
        .param("urgency", urgency.name())
        .param("slower", slower)
        .param("free", outlook.freeBytes())
        .update();
  }
}
