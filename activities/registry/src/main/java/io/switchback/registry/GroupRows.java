package io.switchback.registry;

import io.switchback.model.RestorePoint;
import io.switchback.port.GroupActivities.GroupMember;
import io.switchback.port.GroupActivities.GroupPoint;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads groups and their restore points. */
final class GroupRows {
  private GroupRows() {}

  /** The group that the replica is in. */
  static Optional<String> of(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select group_name from vm_group_member where replica_id = :replica")
        .param("replica", replicaId)
        .query(String.class)
        .optional();
  }

  static List<String> names(JdbcClient jdbc) {
    return jdbc.sql("select name from vm_group order by name")
        .query((row, number) -> row.getString("name"))
        .list();
  }

  /** By name. */
  static List<GroupMember> members(JdbcClient jdbc, String group) {
    return jdbc.sql(
            """
            select r.id, p.name from vm_group_member m
            join replica r on r.id = m.replica_id
            join vm p on (p.site, p.id) = (r.production_site, r.production_vm)
            where m.group_name = :group
            order by p.name, r.id
            """)
        .param("group", group)
        .query((row, number) -> new GroupMember(row.getString("id"), row.getString("name")))
        .list();
  }

  /** Id by which people name a group's point. */
  static String pointId(String group, long number) {
    return "%s-%04d".formatted(group, number);
  }

  /** A point of a group with its parts by replica id; those that are gone are left out. */
  record Whole(GroupPoint point, Map<String, RestorePoint> parts) {}

  /** The group's points, newest first, also those that lack parts. */
  static List<Whole> points(JdbcClient jdbc, String group) {
    record Row(long number, OffsetDateTime takenAt) {}
    return jdbc
        .sql(
            """
            select number, taken_at from group_point
            where group_name = :group and expired_at is null order by number desc
            """)
        .param("group", group)
        .query(
            (row, i) ->
                new Row(row.getLong("number"), row.getObject("taken_at", OffsetDateTime.class)))
        .list()
        .stream()
        .map(
            row ->
                new Whole(
                    new GroupPoint(pointId(group, row.number()), row.takenAt().toInstant()),
                    parts(jdbc, group, row.number())))
        .toList();
  }

  private static Map<String, RestorePoint> parts(JdbcClient jdbc, String group, long number) {
    record Part(String replicaId, RestorePoint point) {}
    Map<String, RestorePoint> parts = new LinkedHashMap<>();
    jdbc.sql(
            """
            select p.* from group_point_part t
            join restore_point p on (p.replica_id, p.id) = (t.replica_id, t.point_id)
            where t.group_name = :group and t.number = :number
              and p.expired_at is null and p.gone_at is null
            """)
        .param("group", group)
        .param("number", number)
        .query((row, i) -> new Part(row.getString("replica_id"), RestorePoints.row(row, i)))
        .list()
        .forEach(part -> parts.put(part.replicaId(), part.point()));
    return parts;
  }
}
