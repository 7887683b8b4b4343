package io.switchback.registry;

import io.switchback.model.Consistency;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.FailbackTo;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.Switchover;
import io.switchback.model.VmRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads and writes what is kept of failbacks. */
final class Failbacks {
  private static final String SELECT =
      """
      select f.*, p.id as point_id, p.snapshot, p.taken_at, p.consistency
      from failback f
      left join restore_point p on (p.replica_id, p.id) = (f.replica_id, f.protective_point)
      """;

  private Failbacks() {}

  /**
   * A failback that is open.
   *
   * @param operationId of the operation that has begun it
   * @param beforeDisks of production when it was begun, as JSON, and {@code beforeShape}, which is
   *     null when none was known
   */
  record Row(
      String replicaId,
      String operationId,
      Instant since,
      Failback failback,
      String beforeDisks,
      @Nullable String beforeShape) {

    VmRef before() {
      return failback.before();
    }

    /** Whether the target is another VM than production was. */
    boolean goesElsewhere() {
      return !failback.target().id().equals(before().id());
    }

    /** The VMs that are nobody else's while it is open. */
    Set<VmRef> vms() {
      return goesElsewhere() ? Set.of(failback.target(), before()) : Set.of(before());
    }
  }

  static Optional<Row> of(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(SELECT + "where f.replica_id = :replica")
        .param("replica", replicaId)
        .query((row, number) -> row(row))
        .optional();
  }

  /** Those that are open, by replica. */
  static Map<String, Row> all(JdbcClient jdbc) {
    Map<String, Row> all = new LinkedHashMap<>();
    jdbc.sql(SELECT)
        .query((row, number) -> row(row))
        .list()
        .forEach(open -> all.put(open.replicaId(), open));
    return all;
  }

  /** That in which the VM is the target, or was production when it began. */
  static Optional<Row> naming(JdbcClient jdbc, VmRef vm) {
    return jdbc.sql(
            SELECT + "where f.target_site = :site and :vm in (f.target_vm, f.before_vm) limit 1")
        .param("site", vm.site())
        .param("vm", vm.id())
        .query((row, number) -> row(row))
        .optional();
  }

  /** Writes it down with what production is now. */
  static int insert(JdbcClient jdbc, String operationId, Replica replica, Failback failback) {
    return jdbc.sql(
            """
            insert into failback (replica_id, operation_id, goes_to, target_site, target_vm,
                                  target_name, target_disks, target_networks, target_ran,
                                  target_isolated, target_snapshot,
                                  switchover, switch_at, power_on,
                                  resynchronise_every_millis,
                                  before_vm, before_name, before_disks, before_shape)
            select id, :operation, :to, :site, :vm,
                   :name, :disks::jsonb, :networks::jsonb, :ran, :isolated, :snapshot,
                   :switchover, :switchAt, :powerOn,
                   :every,
                   production_vm, :beforeName, :beforeDisks::jsonb, shape
            from replica where id = :replica
            """)
        .param("replica", replica.id())
        .param("operation", operationId)
        .param("to", failback.to().name())
        .param("site", failback.target().site())
        .param("vm", failback.target().id())
        .param("name", failback.target().name())
        .param("disks", Json.ofDisks(failback.disks()))
        .param("networks", Json.ofNetworks(failback.networks()))
        .param("ran", failback.targetRan())
        .param("isolated", failback.targetIsolated())
        .param("snapshot", failback.targetSnapshot())
        .param("switchover", failback.switchover().name())
        .param("switchAt", time(failback.switchAt()), Types.TIMESTAMP_WITH_TIMEZONE)
        .param("powerOn", failback.powerOn())
        .param("every", millis(failback.resynchroniseEvery()), Types.BIGINT)
        .param("beforeName", replica.production().name())
        .param("beforeDisks", Json.ofDisks(replica.disks()))
        .update();
  }

  /** Names the target that the failback has made. */
  static int name(JdbcClient jdbc, String replicaId, Failback made) {
    return jdbc.sql(
            """
            update failback set target_vm = :vm, target_name = :name, target_disks = :disks::jsonb
            where replica_id = :replica and goes_to = 'NEW_LOCATION' and round_snapshot is null
              and (target_vm, target_name, target_disks)
                  is distinct from (:vm, :name, :disks::jsonb)
            """)
        .param("vm", made.target().id())
        .param("name", made.target().name())
        .param("disks", Json.ofDisks(made.disks()))
        .param("replica", replicaId)
        .update();
  }

  static int recordRound(JdbcClient jdbc, String replicaId, Round round) {
    return jdbc.sql(
            """
            update failback set round_snapshot = :snapshot, round_change_ids = :changeIds::jsonb,
                                round_at = :at
            where replica_id = :replica
              and (round_snapshot, round_change_ids)
                  is distinct from (:snapshot, :changeIds::jsonb)
            """)
        .param("snapshot", round.snapshot())
        .param("changeIds", Json.of(round.changeIds()))
        .param("at", time(round.at()), Types.TIMESTAMP_WITH_TIMEZONE)
        .param("replica", replicaId)
        .update();
  }

  static int moveSwitch(JdbcClient jdbc, String replicaId, Instant at) {
    return jdbc.sql(
            "update failback set switch_at = :at where replica_id = :replica and switch_at <> :at")
        .param("at", time(at))
        .param("replica", replicaId)
        .update();
  }

  /** Says which restore point holds the replica as it was before the switch; null: none does. */
  static void protect(JdbcClient jdbc, String replicaId, @Nullable String pointId) {
    jdbc.sql("update failback set protective_point = :point where replica_id = :replica")
        .param("point", pointId, Types.VARCHAR)
        .param("replica", replicaId)
        .update();
  }

  static int delete(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("delete from failback where replica_id = :replica")
        .param("replica", replicaId)
        .update();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant at) {
    return at == null ? null : at.atOffset(ZoneOffset.UTC);
  }

  private static Row row(ResultSet row) throws SQLException {
    String site = row.getString("target_site");
    return new Row(
        row.getString("replica_id"),
        row.getString("operation_id"),
        row.getObject("since", OffsetDateTime.class).toInstant(),
        failback(
            row,
            new VmRef(site, row.getString("before_vm"), row.getString("before_name")),
            new VmRef(site, row.getString("target_vm"), row.getString("target_name"))),
        row.getString("before_disks"),
        row.getString("before_shape"));
  }

  private static Failback failback(ResultSet row, VmRef before, VmRef target) throws SQLException {
    OffsetDateTime switchAt = row.getObject("switch_at", OffsetDateTime.class);
    String round = row.getString("round_snapshot");
    return new Failback(
        FailbackTo.valueOf(row.getString("goes_to")),
        before,
        target,
        Json.disks(row.getString("target_disks")),
        Json.networks(row.getString("target_networks")),
        row.getBoolean("target_ran"),
        row.getBoolean("target_isolated"),
        row.getString("target_snapshot"),
        Switchover.valueOf(row.getString("switchover")),
        instant(switchAt),
        row.getBoolean("power_on"),
        round == null
            ? null
            : new Round(
                round,
                Json.strings(row.getString("round_change_ids")),
                instant(row.getObject("round_at", OffsetDateTime.class))),
        point(row),
        every(row));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
    return at == null ? null : at.toInstant();
  }

  private static @Nullable Duration every(ResultSet row) throws SQLException {
    Long millis = row.getObject("resynchronise_every_millis", Long.class);
    return millis == null ? null : Duration.ofMillis(millis);
  }

  private static @Nullable Long millis(@Nullable Duration every) {
    return every == null ? null : every.toMillis();
  }

  private static @Nullable RestorePoint point(ResultSet row) throws SQLException {
    String id = row.getString("point_id");
    return id == null
        ? null
        : new RestorePoint(
            id,
            row.getString("snapshot"),
            row.getObject("taken_at", OffsetDateTime.class).toInstant(),
            Consistency.valueOf(row.getString("consistency")));
  }
}
