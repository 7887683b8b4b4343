package io.switchback.registry;

import io.switchback.port.ClaimActivities.ShutDownProduction;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a planned failover has made of production, until the replica is READY again. */
final class ProductionMemory {
  private ProductionMemory() {}

  /** Empty when no planned failover has shut production down. */
  static Optional<ShutDownProduction> of(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            "select production_ran from replica where id = :id and production_ran is not null")
        .param("id", replicaId)
        .query(Boolean.class)
        .optional()
        .map(ShutDownProduction::new);
  }

  /** Answers how many rows were changed: none when the same is remembered already. */
  static int remember(JdbcClient jdbc, String replicaId, boolean ran) {
    return jdbc.sql(
            """
            update replica set production_ran = :ran
            where id = :id and production_ran is distinct from :ran
            """)
        .param("ran", ran)
        .param("id", replicaId)
        .update();
  }

  /** A replica that is READY follows production, which runs or not as its people want it. */
  static void endWhenReady(JdbcClient jdbc, String replicaId) {
    jdbc.sql("update replica set production_ran = null where id = :id and state = 'READY'")
        .param("id", replicaId)
        .update();
  }
}
