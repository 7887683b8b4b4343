package io.switchback.registry;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.switchback.model.Consistency;
import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.Points;
import io.switchback.port.WatchActivities.WriteRate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads restore points; the newest is that of the highest cycle. */
final class RestorePoints {
  private static final String SELECT =
      "select id, snapshot, taken_at, consistency from restore_point ";

  private RestorePoints() {}

  static Optional<RestorePoint> newest(JdbcClient jdbc, String replicaId) {
    return offered(jdbc, replicaId).stream().findFirst();
  }

  /** Those that an operation may ask for, newest first. */
  static List<RestorePoint> offered(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            SELECT
                + "where replica_id = :replica and expired_at is null and gone_at is null order by"
                + " cycle desc")
        .param("replica", replicaId)
        .query(RestorePoints::row)
        .list();
  }

  /** Those that operations may ask for, newest first, by replica. */
  static Map<String, List<RestorePoint>> offered(JdbcClient jdbc) {
    record Owned(String replicaId, RestorePoint point) {}
    return jdbc
        .sql(
            """
            select replica_id, id, snapshot, taken_at, consistency from restore_point
            where expired_at is null and gone_at is null order by replica_id, cycle desc
            """)
        .query((row, number) -> new Owned(row.getString("replica_id"), row(row, number)))
        .list()
        .stream()
        .collect(groupingBy(Owned::replicaId, mapping(Owned::point, toList())));
  }

  /** The snapshots of all points that are not forgotten. */
  static List<String> snapshots(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select snapshot from restore_point where replica_id = :replica order by cycle")
        .param("replica", replicaId)
        .query((row, number) -> row.getString("snapshot"))
        .list();
  }

  /** Those that retention has let go and that are not forgotten yet, oldest first. */
  static List<RestorePoint> expired(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            SELECT + "where replica_id = :replica and expired_at is not null order by cycle")
        .param("replica", replicaId)
        .query(RestorePoints::row)
        .list();
  }

  /** Those that operations may ask for, all together. */
  static Points together(JdbcClient jdbc, String replicaId) {
    List<RestorePoint> offered = offered(jdbc, replicaId);
    long bytes =
        jdbc.sql(
                """
                select coalesce(sum(sent_bytes), 0) from restore_point
                where replica_id = :replica and expired_at is null and gone_at is null
                """)
            .param("replica", replicaId)
            .query(Long.class)
            .single();
    return new Points(offered.size(), bytes, offered.isEmpty() ? null : offered.getLast());
  }

  /**
   * What the newest point's snapshot came with; nothing when that snapshot was deleted outside,
   * because nobody knows what else was done to the disks: they are compared whole.
   */
  static Map<String, String> changeIds(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            """
            select case when gone_at is null then change_ids else '{}' end
            from restore_point where replica_id = :replica
            order by cycle desc limit 1
            """)
        .param("replica", replicaId)
        .query(String.class)
        .optional()
        .map(Json::strings)
        .orElse(Map.of());
  }

  /** How fast production writes: what its cycles sent, the first copy left out. */
  static List<WriteRate> writeRates(JdbcClient jdbc, List<String> replicaIds) {
    return jdbc.sql(
            """
            select replica_id,
                   (sum(sent_bytes) filter (where nth > 1) * 3600
                    / greatest(extract(epoch from max(taken_at) - min(taken_at)), 1))::bigint as rate
            from (select replica_id, sent_bytes, taken_at,
                         row_number() over (partition by replica_id order by cycle) as nth
                  from restore_point where replica_id in (:replicas)) as points
            group by replica_id having count(*) > 1 order by replica_id
            """)
        .param("replicas", replicaIds)
        .query((row, number) -> new WriteRate(row.getString("replica_id"), row.getLong("rate")))
        .list();
  }

  static RestorePoint row(ResultSet row, int number) throws SQLException {
    return new RestorePoint(
        row.getString("id"),
        row.getString("snapshot"),
        row.getObject("taken_at", OffsetDateTime.class).toInstant(),
        Consistency.valueOf(row.getString("consistency")));
  }
}
