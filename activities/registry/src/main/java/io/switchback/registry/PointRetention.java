package io.switchback.registry;

import io.switchback.model.Retention;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lets restore points go as policies say. What has gone is not offered any more; the next cycle
 * removes its snapshot, and then it is forgotten.
 */
final class PointRetention {
  /** A point that a use stands on, or that is part of a group's, does not go by itself. */
  private static final String KEPT =
      """
      select p.id, p.taken_at,
             exists (select from restore_point_use u
                     where (u.replica_id, u.point_id) = (p.replica_id, p.id))
             or exists (select from group_point_part t
                        join group_point g using (group_name, number)
                        where (t.replica_id, t.point_id) = (p.replica_id, p.id)
                          and g.expired_at is null) as needed
      from restore_point p
      where p.replica_id = :replica and p.expired_at is null and p.gone_at is null
      order by p.cycle desc
      """;

  /** A group's point stays while a part is in use, or is all that its replica has. */
  private static final String KEPT_OF_GROUP =
      """
      select g.number::text as id, g.taken_at,
             exists (select from group_point_part t
                     where (t.group_name, t.number) = (g.group_name, g.number)
                       and (exists (select from restore_point_use u
                                    where (u.replica_id, u.point_id) = (t.replica_id, t.point_id))
                         or not exists (select from restore_point p, restore_point own
                                        where (own.replica_id, own.id) = (t.replica_id, t.point_id)
                                          and p.replica_id = t.replica_id and p.cycle > own.cycle
                                          and p.expired_at is null and p.gone_at is null))) as needed
      from group_point g
      where g.group_name = :group and g.expired_at is null
      order by g.number desc
      """;

  private PointRetention() {}

  private record Kept(String id, Instant takenAt, boolean needed) {}

  /** Lets points of the replica go, whose row is locked. */
  static void apply(JdbcClient jdbc, String replicaId) {
    Retention retention = Policies.of(jdbc, replicaId).retention();
    List<Kept> kept = read(jdbc, KEPT, "replica", replicaId);
    for (Kept going : retention.lettingGo(kept, Kept::takenAt, Kept::needed, now(jdbc))) {
      jdbc.sql(
              """
              update restore_point set expired_at = clock_timestamp()
              where replica_id = :replica and id = :point
              """)
          .param("replica", replicaId)
          .param("point", going.id())
          .update();
    }
    // What was deleted outside goes when nothing older is kept, so that its row is forgotten, too.
    jdbc.sql(
            """
            update restore_point set expired_at = clock_timestamp()
            where replica_id = :replica and expired_at is null and gone_at is not null
              and cycle < all (select p.cycle from restore_point p where p.replica_id = :replica
                               and p.expired_at is null and p.gone_at is null)
              and not exists (select from restore_point_use u
                              where (u.replica_id, u.point_id) = (replica_id, id))
            """)
        .param("replica", replicaId)
        .update();
  }

  /** Lets points of the group go, each with all its parts; the rows of its members are locked. */
  static void applyToGroup(JdbcClient jdbc, String group) {
    Retention retention =
        jdbc
            .sql(
                """
                select p.* from vm_group_member m
                join replica r on r.id = m.replica_id
                join policy p on p.name = r.policy
                where m.group_name = :group
                """)
            .param("group", group)
            .query((row, number) -> Policies.row(row, "name").retention())
            .list()
            .stream()
            .reduce(Retention::orLonger)
            .orElse(Retention.DEFAULT);
    List<Kept> kept = read(jdbc, KEPT_OF_GROUP, "group", group);
    for (Kept going : retention.lettingGo(kept, Kept::takenAt, Kept::needed, now(jdbc))) {
      expire(jdbc, group, Long.parseLong(going.id()));
    }
    jdbc.sql(
            """
            delete from group_point g
            where g.group_name = :group and g.expired_at is not null
              and not exists (select from group_point_part t
                              where (t.group_name, t.number) = (g.group_name, g.number))
            """)
        .param("group", group)
        .update();
  }

  private static void expire(JdbcClient jdbc, String group, long number) {
    jdbc.sql(
            """
            update group_point set expired_at = clock_timestamp()
            where group_name = :group and number = :number
            """)
        .param("group", group)
        .param("number", number)
        .update();
    jdbc.sql(
            """
            update restore_point p set expired_at = clock_timestamp()
            from group_point_part t
            where t.group_name = :group and t.number = :number
              and (p.replica_id, p.id) = (t.replica_id, t.point_id) and p.expired_at is null
            """)
        .param("group", group)
        .param("number", number)
        .update();
  }

  private static List<Kept> read(JdbcClient jdbc, String sql, String param, String value) {
    return jdbc.sql(sql)
        .param(param, value)
        .query(
            (row, number) ->
                new Kept(
                    row.getString("id"),
                    row.getObject("taken_at", OffsetDateTime.class).toInstant(),
                    row.getBoolean("needed")))
        .list();
  }

  /** By the database's clock, as everywhere that an age is counted. */
  private static Instant now(JdbcClient jdbc) {
    return jdbc.sql("select clock_timestamp() as at")
        .query((row, number) -> row.getObject("at", OffsetDateTime.class).toInstant())
        .single();
  }
}
