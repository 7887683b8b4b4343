package io.switchback.registry;

import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How replication of each VM does, in numbers. */
public final class ReplicationFigures {
  private final RegistryDatabase database;

  public ReplicationFigures(RegistryDatabase database) {
    this.database = database;
  }

  /**
   * A VM's numbers.
   *
   * @param site where it runs in ordinary times
   * @param age of the newest restore point, by the database's clock; null while there is none
   * @param objective how old it may become
   * @param points made so far, also those that are gone
   * @param sentBytes for them
   * @param held whether replication is on hold for an operation
   */
  public record Figure(
      String replicaId,
      String vm,
      String site,
      ReplicaState state,
      @Nullable Duration age,
      Duration objective,
      long points,
      long sentBytes,
      boolean held) {
    /** Whether the newest restore point is older than it may become. */
    public boolean isOver() {
      return age != null && age.compareTo(objective) > 0;
    }
  }

  /**
   * Reads them all, in one statement however many there are. Changes nothing.
   *
   * @throws FaultException REGISTRY_UNAVAILABLE
   */
  public List<Figure> read() {
    return database.inSnapshot(ReplicationFigures::read);
  }

  static List<Figure> read(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select r.id, v.name, v.site, r.state, r.points_total, r.sent_bytes_total,
                   p.rpo_objective_millis, clock_timestamp() as at, n.taken_at,
                   exists (select from hold h where h.replica_id = r.id) as held
            from replica r
            join vm v on (v.site, v.id) = (r.production_site, r.production_vm)
            join policy p on p.name = r.policy
            left join lateral (select taken_at from restore_point
                               where replica_id = r.id and expired_at is null and gone_at is null
                               order by cycle desc limit 1) n on true
            order by r.id
            """)
        .query(
            (row, number) -> {
              OffsetDateTime newest = row.getObject("taken_at", OffsetDateTime.class);
              return new Figure(
                  row.getString("id"),
                  row.getString("name"),
                  row.getString("site"),
                  ReplicaState.valueOf(row.getString("state")),
                  newest == null
                      ? null
                      : Duration.between(newest, row.getObject("at", OffsetDateTime.class)),
                  Duration.ofMillis(row.getLong("rpo_objective_millis")),
                  row.getLong("points_total"),
                  row.getLong("sent_bytes_total"),
                  row.getBoolean("held"));
            })
        .list();
  }
}
