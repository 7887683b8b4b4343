package io.switchback.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the registry from beside, through a connection of its own. */
final class RegistryWatch implements AutoCloseable {
  /** A point is recorded before its transaction ends, so the last few are read once more. */
  private static final Duration OVERLAP = Duration.ofSeconds(30);

  private final Connection connection;
  private final Map<String, PointSeen> points = new TreeMap<>();
  private Instant readTo = Instant.EPOCH;

  private RegistryWatch(Connection connection) {
    this.connection = connection;
  }

  static RegistryWatch open(String jdbcUrl) throws SQLException {
    Connection connection = DriverManager.getConnection(jdbcUrl);
    connection.setReadOnly(true);
    return new RegistryWatch(connection);
  }

  /** Reads what is new; points that retention has taken since stay known here. */
  void poll() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "select replica_id, cycle, taken_at, recorded_at, took_millis from restore_point where recorded_at > ?")) {
      query.setObject(1, readTo.minus(OVERLAP).atOffset(ZoneOffset.UTC));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          PointSeen point =
              new PointSeen(
                  row.getString("replica_id"),
                  row.getLong("cycle"),
                  instant(row, "taken_at"),
                  instant(row, "recorded_at"),
                  Duration.ofMillis(row.getLong("took_millis")));
          points.put(point.replicaId() + "/" + point.cycle(), point);
          readTo = readTo.isAfter(point.recordedAt()) ? readTo : point.recordedAt();
        }
      }
    }
  }

  /** Every point seen so far. */
  List<PointSeen> points() {
    return List.copyOf(points.values());
  }

  /** The registry's clock, by which points are recorded. */
  Instant now() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("select clock_timestamp() as at");
        ResultSet row = query.executeQuery()) {
      row.next();
      return instant(row, "at");
    }
  }

  /** Why cycles came to nothing last, each reason once. */
  List<String> problems() throws SQLException {
    List<String> problems = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "select distinct last_problem from replica where last_problem is not null order by 1 limit 5");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        problems.add(row.getString(1));
      }
    }
    return problems;
  }

  /** What PostgreSQL has done since it was started. */
  PostgresWork work() throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                """
                select xact_commit + xact_rollback as transactions,
                       tup_inserted + tup_updated + tup_deleted as rows,
                       pg_current_wal_lsn() - '0/0'::pg_lsn as wal
                from pg_stat_database where datname = current_database()
                """);
        ResultSet row = query.executeQuery()) {
      row.next();
      return new PostgresWork(row.getLong("transactions"), row.getLong("rows"), row.getLong("wal"));
    }
  }

  /** Counters of PostgreSQL; they only grow. */
  record PostgresWork(long transactions, long rowsWritten, long walBytes) {
    PostgresWork since(PostgresWork before) {
      return new PostgresWork(
          transactions - before.transactions,
          rowsWritten - before.rowsWritten,
          walBytes - before.walBytes);
    }
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
