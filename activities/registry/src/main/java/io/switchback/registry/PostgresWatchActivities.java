package io.switchback.registry;

import io.switchback.model.RestorePoint;
import io.switchback.model.RoomSettings;
import io.switchback.model.Sheet;
import io.switchback.port.WatchActivities;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL holds of how the estate is found. */
public final class PostgresWatchActivities implements WatchActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresWatchActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresWatchActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Expectation expect(Expect request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          Optional<String> holder =
              Claims.holder(jdbc, replica.id())
                  .filter(claim -> !claim.operationId().equals(request.operationId()))
                  .map(Claims.Row::holder);
          return holder
              .map(waits -> new Expectation(null, waits, attempt.number()))
              .orElseGet(() -> new Expectation(expected(jdbc, replica), "", attempt.number()));
        });
  }

  private static Expected expected(JdbcClient jdbc, Replicas.Row row) {
    var replica = Replicas.read(jdbc, row.id());
    List<RestorePoint> points = RestorePoints.offered(jdbc, row.id()).reversed();
    return new Expected(
        replica,
        row.state(),
        row.epoch(),
        row.cycle(),
        points,
        cycleOpen(jdbc, row),
        Sightings.productionMayRun(jdbc, row.id()),
        RoomSamples.areDue(jdbc, replica.recovery().site()));
  }

  /** Whether the newest cycle has come to no point that is still there. */
  private static boolean cycleOpen(JdbcClient jdbc, Replicas.Row row) {
    return !jdbc.sql(
            """
            select exists (select from restore_point
              where replica_id = :replica and cycle = :cycle and gone_at is null)
            """)
        .param("replica", row.id())
        .param("cycle", row.cycle())
        .query(Boolean.class)
        .single();
  }

  @Override
  public Sighted recordSighting(RecordSighting request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          if (replica.epoch() != request.epoch() || replica.cycle() != request.cycle()) {
            return new Sighted(List.of(), 0, attempt.number());
          }
          Sightings.keep(jdbc, request);
          return new Sighted(
              Sightings.fresh(jdbc, request), Sightings.cleared(jdbc, request), attempt.number());
        });
  }

  @Override
  public Outlook recordRoom(RecordRoom request) {
    return database.inTransaction(
        jdbc -> {
          RoomSamples.keep(jdbc, request.room());
          var outlooks = RoomSamples.outlooks(jdbc, request.room().site());
          return new Outlook(
              outlooks, RoomNotices.urgent(jdbc, request.id(), outlooks), attempt.number());
        });
  }

  @Override
  public WriteRates measureWrites(MeasureWrites request) {
    return database.inSnapshot(
        jdbc ->
            request.replicaIds().isEmpty()
                ? new WriteRates(List.of())
                : new WriteRates(
                    RestorePoints.writeRates(jdbc, request.replicaIds()),
                    enoughFor(jdbc, request.replicaIds())));
  }

  /** As long as the most cautious of their sites wants. */
  private static Duration enoughFor(JdbcClient jdbc, List<String> replicaIds) {
    return jdbc
        .sql("select distinct recovery_site from replica where id in (:replicas)")
        .param("replicas", replicaIds)
        .query((row, number) -> row.getString("recovery_site"))
        .list()
        .stream()
        .map(site -> SiteRows.room(jdbc, site).warnBefore())
        .max(Duration::compareTo)
        .orElse(RoomSettings.DEFAULT.warnBefore());
  }

  @Override
  public Sheet describeSheet(DescribeSheet request) {
    return database.inSnapshot(
        jdbc -> {
          if (!Replicas.exists(jdbc, request.replicaId())) {
            throw Replicas.notProtected(request.replicaId());
          }
          return new Sheet(
              Replicas.read(jdbc, request.replicaId()),
              RestorePoints.offered(jdbc, request.replicaId()),
              "");
        });
  }
}
