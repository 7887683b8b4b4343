package io.switchback.registry;

import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.port.WatchActivities.RecordSighting;
import io.switchback.registry.EstateView.DriftView;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How replicas were found. */
final class Sightings {
  private Sightings() {}

  /**
   * Whether somebody has agreed, when the replica left READY, that production runs beside it, and
   * production has not been off since.
   */
  static boolean productionMayRun(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            """
            select exists (
              select from audit a
              where a.replica_id = :replica and a.step = 'productionStillRuns'
                and a.outcome = 'OVERRIDDEN'
                and a.operation_id = (
                  select c.operation_id from claim c
                  where c.replica_id = :replica and c.from_state = 'READY'
                  order by c.epoch desc limit 1)
                and a.at > coalesce(
                  (select s.production_off_at from sighting s where s.replica_id = :replica),
                  '-infinity'))
            """)
        .param("replica", replicaId)
        .query(Boolean.class)
        .single();
  }

  /** Keeps a sighting, once however often it is asked. The caller has locked the replica's row. */
  static void keep(JdbcClient jdbc, RecordSighting request) {
    jdbc.sql(
            """
            insert into sighting as known (replica_id, at, production_off_at)
            values (:replica, :at, case when :off then :at end)
            on conflict (replica_id) do update
            set at = excluded.at,
                production_off_at = coalesce(excluded.production_off_at, known.production_off_at)
            where known.at <= excluded.at
            """)
        .param("replica", request.replicaId())
        .param("at", request.at().atOffset(ZoneOffset.UTC))
        .param("off", request.productionOff())
        .update();
    Set<Drift> known = new HashSet<>();
    for (Drift open : open(jdbc, request.replicaId())) {
      known.add(named(open));
    }
    for (Drift seen : request.drift()) {
      if (known.remove(named(seen))) {
        continue;
      }
      insert(jdbc, request, seen);
      if (seen.kind() == DriftKind.RESTORE_POINT_GONE) {
        markGone(jdbc, request, seen);
      }
    }
    known.forEach(gone -> clear(jdbc, request, gone));
  }

  /** A finding stays the same when its sentence names another number of bytes. */
  private static Drift named(Drift drift) {
    return new Drift(drift.kind(), drift.subject(), "-");
  }

  private static void insert(JdbcClient jdbc, RecordSighting request, Drift seen) {
    jdbc.sql(
            """
            insert into drift (replica_id, kind, subject, sentence, first_sighting, first_seen_at)
            values (:replica, :kind, :subject, :sentence, :sighting, :at)
            on conflict do nothing
            """)
        .param("replica", request.replicaId())
        .param("kind", seen.kind().name())
        .param("subject", seen.subject())
        .param("sentence", seen.sentence())
        .param("sighting", request.id())
        .param("at", request.at().atOffset(ZoneOffset.UTC))
        .update();
  }

  private static void markGone(JdbcClient jdbc, RecordSighting request, Drift seen) {
    jdbc.sql(
            """
            update restore_point set gone_at = :at, gone_because = :because
            where replica_id = :replica and id = :point and gone_at is null
            """)
        .param("at", request.at().atOffset(ZoneOffset.UTC))
        .param("because", seen.sentence())
        .param("replica", request.replicaId())
        .param("point", seen.subject())
        .update();
  }

  /**
   * A point that is gone is expected no more, so it is not found missing again: it clears when the
   * registry has forgotten it.
   */
  private static void clear(JdbcClient jdbc, RecordSighting request, Drift gone) {
    jdbc.sql(
            """
            update drift set cleared_by = :sighting, cleared_at = :at
            where replica_id = :replica and kind = :kind and subject = :subject
              and cleared_at is null and first_sighting <> :sighting
              and not (kind = 'RESTORE_POINT_GONE' and exists (
                select from restore_point p where p.replica_id = :replica and p.id = :subject))
            """)
        .param("sighting", request.id())
        .param("at", request.at().atOffset(ZoneOffset.UTC))
        .param("replica", request.replicaId())
        .param("kind", gone.kind().name())
        .param("subject", gone.subject())
        .update();
  }

  /** What is not as it should be, the oldest finding first. */
  static List<Drift> open(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            """
            select kind, subject, sentence from drift
            where replica_id = :replica and cleared_at is null order by first_seen_at, kind, subject
            """)
        .param("replica", replicaId)
        .query(
            (row, number) ->
                new Drift(
                    DriftKind.valueOf(row.getString("kind")),
                    row.getString("subject"),
                    row.getString("sentence")))
        .list();
  }

  /** Why no cycle may begin: it would overwrite what somebody has done. */
  static Optional<String> forbidding(JdbcClient jdbc, String replicaId) {
    return open(jdbc, replicaId).stream()
        .filter(drift -> drift.kind().forbidsReplication())
        .map(Drift::sentence)
        .findFirst();
  }

  /** What is not as it should be in the whole estate, the oldest finding first. */
  static List<DriftView> all(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select d.replica_id, p.name, d.kind, d.subject, d.sentence, d.first_seen_at, s.at
            from drift d
            join sighting s on s.replica_id = d.replica_id
            join replica r on r.id = d.replica_id
            join vm p on (p.site, p.id) = (r.production_site, r.production_vm)
            where d.cleared_at is null order by d.first_seen_at, d.replica_id, d.kind, d.subject
            """)
        .query(
            (row, number) ->
                new DriftView(
                    row.getString("replica_id"),
                    row.getString("name"),
                    new Drift(
                        DriftKind.valueOf(row.getString("kind")),
                        row.getString("subject"),
                        row.getString("sentence")),
                    row.getObject("first_seen_at", OffsetDateTime.class).toInstant(),
                    row.getObject("at", OffsetDateTime.class).toInstant()))
        .list();
  }

  /** What this very sighting has found first. */
  static List<Drift> fresh(JdbcClient jdbc, RecordSighting request) {
    Set<Drift> found = new HashSet<>();
    jdbc.sql("select kind, subject from drift where replica_id = :replica and first_sighting = :id")
        .param("replica", request.replicaId())
        .param("id", request.id())
        .query(
            row -> {
              found.add(
                  new Drift(
                      DriftKind.valueOf(row.getString("kind")), row.getString("subject"), "-"));
            });
    return request.drift().stream().filter(seen -> found.contains(named(seen))).toList();
  }

  /** How many findings this very sighting has found to be there no more. */
  static int cleared(JdbcClient jdbc, RecordSighting request) {
    return jdbc.sql("select count(*) from drift where replica_id = :replica and cleared_by = :id")
        .param("replica", request.replicaId())
        .param("id", request.id())
        .query(Integer.class)
        .single();
  }
}
