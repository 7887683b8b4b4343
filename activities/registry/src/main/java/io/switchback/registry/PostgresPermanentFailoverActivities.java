package io.switchback.registry;

import io.switchback.model.RestorePoint;
import io.switchback.port.Done;
import io.switchback.port.PermanentFailoverActivities;
import java.util.List;

/** What permanent failovers change in PostgreSQL. */
public final class PostgresPermanentFailoverActivities implements PermanentFailoverActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresPermanentFailoverActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresPermanentFailoverActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public LetGo letGoRestorePoints(LetGoRestorePoints request) {
    var _ =
        Claims.under(
            database,
            request.mandate(),
            request.replicaId(),
            (jdbc, replica, claim) ->
                jdbc.sql(
                        """
                        update restore_point set expired_at = clock_timestamp()
                        where replica_id = :replica and expired_at is null
                        """)
                    .param("replica", replica.id())
                    .update());
    List<RestorePoint> left =
        database.inSnapshot(jdbc -> RestorePoints.expired(jdbc, request.replicaId()));
    return new LetGo(left, attempt.number());
  }

  @Override
  public Done forgetLetGoPoints(ForgetLetGoPoints request) {
    boolean changed =
        Claims.under(
            database,
            request.mandate(),
            request.replicaId(),
            (jdbc, replica, claim) ->
                jdbc.sql(
                        """
                        delete from restore_point
                        where replica_id = :replica and expired_at is not null
                        """)
                    .param("replica", replica.id())
                    .update());
    return new Done(changed, attempt.number());
  }

  @Override
  public Done excludeProduction(ExcludeProduction request) {
    boolean changed =
        Claims.under(
            database,
            request.mandate(),
            request.replicaId(),
            (jdbc, replica, claim) ->
                Exclusions.add(
                    jdbc,
                    Replicas.read(jdbc, request.replicaId()).production(),
                    request.by(),
                    request.reason()));
    return new Done(changed, attempt.number());
  }
}
