package io.switchback.registry;

import static java.util.stream.Collectors.toMap;

import io.switchback.model.CommitWindow;
import io.switchback.model.Undoable;
import io.switchback.model.WindowEnd;
import io.switchback.model.WindowTerms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads and writes windows at whose end a failover or a failback ends by itself. */
final class Windows {
  private static final String SELECT =
      """
      select w.replica_id, w.state, w.id, w.length_millis, w.at_end, w.probes, w.asked_by,
             w.ends_at, w.extensions
      from commit_window w
      """;

  /** Those that count: of the state that the replica is in. */
  private static final String COUNTING =
      SELECT
          + """
          join replica r on (r.id, r.state) = (w.replica_id, w.state)
          where w.ends_at is not null
          """;

  private Windows() {}

  /** Every window of the replica, counting or not. */
  static List<CommitWindow> of(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(SELECT + "where w.replica_id = :replica order by w.state")
        .param("replica", replicaId)
        .query((row, number) -> window(row))
        .list();
  }

  static Optional<CommitWindow> of(JdbcClient jdbc, String replicaId, Undoable of) {
    return of(jdbc, replicaId).stream().filter(window -> window.of() == of).findFirst();
  }

  /** The one that counts. */
  static Optional<CommitWindow> counting(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(COUNTING + "and w.replica_id = :replica")
        .param("replica", replicaId)
        .query((row, number) -> window(row))
        .optional();
  }

  /** Those that count, by replica. */
  static Map<String, CommitWindow> counting(JdbcClient jdbc) {
    record Owned(String replicaId, CommitWindow window) {}
    return jdbc
        .sql(COUNTING)
        .query((row, number) -> new Owned(row.getString("replica_id"), window(row)))
        .list()
        .stream()
        .collect(toMap(Owned::replicaId, Owned::window));
  }

  static int plan(JdbcClient jdbc, String replicaId, CommitWindow window) {
    return jdbc.sql(
            """
            insert into commit_window as known (replica_id, state, id, length_millis, at_end,
                                                probes, asked_by)
            values (:replica, :state, :id, :length, :atEnd, :probes::jsonb, :by)
            on conflict (replica_id, state) do update
            set id = excluded.id, length_millis = excluded.length_millis,
                at_end = excluded.at_end, probes = excluded.probes, asked_by = excluded.asked_by,
                ends_at = null, extensions = 0
            where known.id <> excluded.id
            """)
        .param("replica", replicaId)
        .param("state", window.of().name())
        .param("id", window.id())
        .param("length", window.terms().length().toMillis())
        .param("atEnd", window.terms().atEnd().name())
        .param("probes", Json.of(window.terms().probes()))
        .param("by", window.by())
        .update();
  }

  static int open(JdbcClient jdbc, String replicaId, Undoable of, Instant now) {
    return jdbc.sql(
            """
            update commit_window
            set ends_at = :now + length_millis * interval '1 millisecond', extensions = 0
            where replica_id = :replica and state = :state and ends_at is null
            """)
        .param("now", time(now))
        .param("replica", replicaId)
        .param("state", of.name())
        .update();
  }

  /** Answers none when it has another end than the one that was seen. */
  static int move(
      JdbcClient jdbc, String replicaId, CommitWindow seen, Instant to, boolean byProbes) {
    return jdbc.sql(
            """
            update commit_window
            set ends_at = :to, extensions = case when :byProbes then extensions + 1 else 0 end
            where replica_id = :replica and state = :state and id = :id
            """)
        .param("to", time(to))
        .param("byProbes", byProbes)
        .param("replica", replicaId)
        .param("state", seen.of().name())
        .param("id", seen.id())
        .update();
  }

  static int end(JdbcClient jdbc, String replicaId, String id, Undoable of) {
    return jdbc.sql(
            """
            delete from commit_window
            where replica_id = :replica and state = :state and id = :id
            """)
        .param("replica", replicaId)
        .param("state", of.name())
        .param("id", id)
        .update();
  }

  /** What the replica that is released is not about any more. */
  static void endThoseLeftBehind(JdbcClient jdbc, String replicaId) {
    jdbc.sql(
            """
            delete from commit_window w using replica r
            where w.replica_id = :replica and r.id = w.replica_id
              and case when w.ends_at is null
                       then (w.state, r.state) <> ('FAILBACK', 'READY_TO_SWITCH')
                       else w.state <> r.state end
            """)
        .param("replica", replicaId)
        .update();
  }

  private static OffsetDateTime time(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static CommitWindow window(ResultSet row) throws SQLException {
    OffsetDateTime endsAt = row.getObject("ends_at", OffsetDateTime.class);
    return new CommitWindow(
        row.getString("id"),
        Undoable.valueOf(row.getString("state")),
        new WindowTerms(
            Duration.ofMillis(row.getLong("length_millis")),
            WindowEnd.valueOf(row.getString("at_end")),
            Json.checks(row.getString("probes"))),
        row.getString("asked_by"),
        endsAt == null ? null : endsAt.toInstant(),
        row.getInt("extensions"));
  }
}
