package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who stands on restore points or works with them, so that none is taken away from under them. */
final class RestorePointUses {
  /** By which the replica itself stands on a point, from a claim until it is READY again. */
  static final String FAILOVER = "failover";

  /** By which a failback that is open needs its protective point. */
  static final String FAILBACK = "failback";

  private RestorePointUses() {}

  /**
   * Keeps the point for {@code usedBy}. If it does already, nothing changes.
   *
   * @throws FaultException RESTORE_POINT_NOT_FOUND when it is gone, or retention has let it go
   */
  static void begin(
      JdbcClient jdbc, String replicaId, String pointId, String usedBy, String reason) {
    boolean isOffered =
        jdbc.sql(
                """
                select exists (select from restore_point
                               where replica_id = :replica and id = :point
                                 and expired_at is null and gone_at is null)
                """)
            .param("replica", replicaId)
            .param("point", pointId)
            .query(Boolean.class)
            .single();
    if (!isOffered) {
      throw new FaultException(
          Fault.RESTORE_POINT_NOT_FOUND,
          "Could not keep restore point '%s' of replica '%s' for '%s': retention has let it go meanwhile. Choose another one and start again."
              .formatted(pointId, replicaId, reason));
    }
    jdbc.sql(
            """
            insert into restore_point_use (replica_id, point_id, used_by, reason)
            values (:replica, :point, :usedBy, :reason) on conflict do nothing
            """)
        .param("replica", replicaId)
        .param("point", pointId)
        .param("usedBy", usedBy)
        .param("reason", reason)
        .update();
  }

  /** A replica that is READY stands on its newest point, which is kept in any case. */
  static void endUnlessServing(JdbcClient jdbc, String replicaId) {
    jdbc.sql(
            """
            delete from restore_point_use u using replica r
            where u.replica_id = :replica and r.id = u.replica_id and u.used_by = :usedBy
              and r.state in ('SEEDING', 'READY')
            """)
        .param("replica", replicaId)
        .param("usedBy", FAILOVER)
        .update();
  }

  /** Ends what {@code usedBy} does with the replica's points. */
  static void end(JdbcClient jdbc, String replicaId, String usedBy) {
    jdbc.sql("delete from restore_point_use where replica_id = :replica and used_by = :usedBy")
        .param("replica", replicaId)
        .param("usedBy", usedBy)
        .update();
  }

  static void refuseUsed(JdbcClient jdbc, String replicaId, String pointId) {
    Optional<String> use =
        jdbc.sql(
                """
                select reason from restore_point_use
                where replica_id = :replica and point_id = :point order by since limit 1
                """)
            .param("replica", replicaId)
            .param("point", pointId)
            .query(String.class)
            .optional();
    if (use.isPresent()) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not forget restore point '%s' of replica '%s': it is in use: %s. End that first."
              .formatted(pointId, replicaId, use.get()));
    }
  }
}
