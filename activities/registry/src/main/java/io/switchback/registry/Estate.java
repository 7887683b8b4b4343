package io.switchback.registry;

import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.GroupActivities.GroupMember;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.registry.EstateView.ClaimView;
import io.switchback.registry.EstateView.FailbackView;
import io.switchback.registry.EstateView.GroupView;
import io.switchback.registry.EstateView.IsolationView;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.registry.EstateView.SiteView;
import io.switchback.registry.EstateView.WaitView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the whole estate, for people. */
public final class Estate {
  private final RegistryDatabase database;

  public Estate(RegistryDatabase database) {
    this.database = database;
  }

  /**
   * Reads everything as it stood at one moment, with the newest {@code auditEntries} of the audit.
   * Changes nothing.
   *
   * @throws FaultException REGISTRY_UNAVAILABLE
   */
  public EstateView read(int auditEntries) {
    return database.inSnapshot(
        jdbc -> {
          Instant now = now(jdbc);
          return new EstateView(
              Controller.generation(jdbc),
              sites(jdbc),
              replicas(jdbc, now),
              workers(jdbc),
              audit(jdbc, auditEntries),
              Sightings.all(jdbc),
              RoomSamples.outlooks(jdbc),
              groups(jdbc),
              NetworkPairs.extended(jdbc),
              now);
        });
  }

  private static Instant now(JdbcClient jdbc) {
    return jdbc.sql("select clock_timestamp() as at")
        .query((row, number) -> instant(row, "at"))
        .single();
  }

  private static List<SiteView> sites(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select s.name, s.pace, c.at_most, t.at_most as sent_at_most,
                   (select count(*) from admission_lease l
                    where l.site = s.name and l.cap = c.cap and l.place = ''
                      and l.ends_at > clock_timestamp()) as admitted,
                   (select count(*) from admission_lease l
                    where l.site = s.name and l.cap = t.cap and l.place = ''
                      and l.ends_at > clock_timestamp()) as sent
            from site s
            join site_cap c on c.site = s.name and c.cap = :starting and c.place = ''
            join site_cap t on t.site = s.name and t.cap = :transferring and t.place = ''
            order by s.name
            """)
        .param("starting", Cap.STARTING.name())
        .param("transferring", Cap.TRANSFERRING.name())
        .query(
            (row, number) ->
                new SiteView(
                    row.getString("name"),
                    Json.pace(row.getString("pace")),
                    row.getInt("admitted"),
                    row.getInt("at_most"),
                    row.getInt("sent"),
                    row.getInt("sent_at_most")))
        .list();
  }

  private static List<ReplicaView> replicas(JdbcClient jdbc, Instant now) {
    Map<String, Replica> replicas = Replicas.all(jdbc);
    Map<String, List<RestorePoint>> points = RestorePoints.offered(jdbc);
    Map<String, Failbacks.Row> failbacks = Failbacks.all(jdbc);
    Map<String, CommitWindow> windows = Windows.counting(jdbc);
    return jdbc.sql(
            """
            select r.id, r.state, r.cycle, r.marked, coalesce(g.group_name, '') as group_name, r.last_problem, r.last_problem_at, h.reason as hold,
                   c.operation_id, c.operation, c.workflow_id, c.run_id, c.asked_by, c.claimed_at,
                   p.name as policy, p.interval_millis, p.rpo_objective_millis,
                   p.retention_points, p.retention_age_millis, p.consistency, p.checks,
                   p.compare_every_millis,
                   w.reason as waits, w.since as waits_since,
                   i.detail as isolated, i.at as isolated_since
            from replica r
            join policy p on p.name = r.policy
            left join hold h on h.replica_id = r.id
            left join vm_group_member g on g.replica_id = r.id
            left join claim c on c.replica_id = r.id and c.released_at is null
            left join admission_wait w on w.holder = r.id and w.cap = :transferring
                 and w.asked_at > clock_timestamp() - interval '1 minute'
            left join lateral (
              select l.detail, l.at from (
                select distinct on (split_part(a.detail, ' ', 1)) a.step, a.detail, a.at
                from audit a
                where a.replica_id = r.id
                  and a.step in ('isolate', 'reconnect', 'unplugTarget', 'plugInTarget')
                  and a.outcome in ('DONE', 'ALREADY_SO', 'UNDONE')
                order by split_part(a.detail, ' ', 1), a.sequence desc) l
              where l.step in ('isolate', 'unplugTarget')
              order by l.at desc limit 1) i on true
            order by r.production_site, r.id
            """)
        .param("transferring", Cap.TRANSFERRING.name())
        .query(
            (row, number) -> {
              String id = row.getString("id");
              return replica(
                  row,
                  known(replicas, id),
                  points.getOrDefault(id, List.of()),
                  failbacks.get(id),
                  windows.get(id),
                  now);
            })
        .list();
  }

  private static ReplicaView replica(
      ResultSet row,
      Replica replica,
      List<RestorePoint> points,
      Failbacks.@Nullable Row failback,
      @Nullable CommitWindow window,
      Instant now)
      throws SQLException {
    String problem = row.getString("last_problem");
    return new ReplicaView(
        replica,
        ReplicaState.valueOf(row.getString("state")),
        row.getLong("cycle"),
        claim(row),
        row.getString("hold"),
        points,
        points.isEmpty() ? null : Duration.between(points.getFirst().takenAt(), now),
        problem,
        problem == null ? null : instant(row, "last_problem_at"),
        Policies.row(row, "policy"),
        row.getString("marked"),
        row.getString("group_name"),
        transferWait(row),
        isolation(row),
        failback == null ? null : new FailbackView(failback.failback(), failback.since()),
        window);
  }

  private static @Nullable WaitView transferWait(ResultSet row) throws SQLException {
    String reason = row.getString("waits");
    return reason == null ? null : new WaitView(reason, instant(row, "waits_since"));
  }

  private static @Nullable IsolationView isolation(ResultSet row) throws SQLException {
    String vm = row.getString("isolated");
    return vm == null ? null : new IsolationView(vm, instant(row, "isolated_since"));
  }

  private static List<GroupView> groups(JdbcClient jdbc) {
    return GroupRows.names(jdbc).stream().map(name -> group(jdbc, name)).toList();
  }

  private static GroupView group(JdbcClient jdbc, String name) {
    List<GroupMember> members = GroupRows.members(jdbc, name);
    String problem =
        jdbc.sql("select coalesce(last_problem, '') from vm_group where name = :name")
            .param("name", name)
            .query(String.class)
            .single();
    return new GroupView(
        name,
        members.stream().map(GroupMember::vm).toList(),
        GroupRows.points(jdbc, name).stream()
            .filter(
                point ->
                    members.stream()
                        .allMatch(member -> point.parts().containsKey(member.replicaId())))
            .map(point -> point.point().id())
            .toList(),
        problem.isEmpty() ? null : problem);
  }

  private static @Nullable ClaimView claim(ResultSet row) throws SQLException {
    String operationId = row.getString("operation_id");
    if (operationId == null) {
      return null;
    }
    return new ClaimView(
        operationId,
        Operation.valueOf(row.getString("operation")),
        row.getString("workflow_id"),
        row.getString("run_id"),
        row.getString("asked_by"),
        instant(row, "claimed_at"));
  }

  private static List<Greeting> workers(JdbcClient jdbc) {
    return jdbc.sql("select * from greeting order by site, queue, worker")
        .query(
            (row, number) ->
                new Greeting(
                    row.getString("site"),
                    row.getString("queue"),
                    row.getString("worker"),
                    row.getString("build"),
                    row.getString("data_address"),
                    row.getLong("highest_generation"),
                    row.getLong("highest_epoch"),
                    instant(row, "answered_at"),
                    row.getString("platform")))
        .list();
  }

  private static List<AuditEntry> audit(JdbcClient jdbc, int entries) {
    return jdbc.sql("select * from audit order by sequence desc limit :entries")
        .param("entries", entries)
        .query(
            (row, number) ->
                new AuditEntry(
                    row.getString("operation_id"),
                    Operation.valueOf(row.getString("operation")),
                    row.getString("replica_id"),
                    row.getString("step"),
                    row.getLong("step_number"),
                    row.getInt("attempt"),
                    row.getString("outcome"),
                    row.getString("asked_by"),
                    row.getString("detail"),
                    instant(row, "at")))
        .list()
        .reversed();
  }

  private static Replica known(Map<String, Replica> replicas, String id) {
    Replica replica = replicas.get(id);
    if (replica == null) {
      throw new IllegalStateException("replica '" + id + "' has a row and is not read");
    }
    return replica;
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
