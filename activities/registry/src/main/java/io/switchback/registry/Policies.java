package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Consistency;
import io.switchback.model.Policy;
import io.switchback.model.Retention;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads and writes policies. */
final class Policies {
  private Policies() {}

  /** Reads the policy of a row that has all columns of {@code policy}, its name in {@code name}. */
  static Policy row(ResultSet row, String name) throws SQLException {
    long ageMillis = row.getLong("retention_age_millis");
    long compareMillis = row.getLong("compare_every_millis");
    return new Policy(
        row.getString(name),
        Duration.ofMillis(row.getLong("interval_millis")),
        Duration.ofMillis(row.getLong("rpo_objective_millis")),
        new Retention(
            row.getInt("retention_points"), ageMillis == 0 ? null : Duration.ofMillis(ageMillis)),
        Consistency.valueOf(row.getString("consistency")),
        Json.checks(row.getString("checks")),
        compareMillis == 0 ? null : Duration.ofMillis(compareMillis));
  }

  /** The policy of a replica. */
  static Policy of(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            "select p.* from replica r join policy p on p.name = r.policy where r.id = :replica")
        .param("replica", replicaId)
        .query((row, number) -> row(row, "name"))
        .single();
  }

  static Optional<Policy> read(JdbcClient jdbc, String name) {
    return jdbc.sql("select * from policy where name = :name")
        .param("name", name)
        .query((row, number) -> row(row, "name"))
        .optional();
  }

  /** Names of the VMs, beside the replica's own, that rely on the policy. */
  static List<String> reliedOnBy(JdbcClient jdbc, String policy, String replicaId) {
    return jdbc.sql(
            """
            select v.name from replica r
            join vm v on (v.site, v.id) = (r.production_site, r.production_vm)
            where r.policy = :policy and r.id <> :replica order by v.name limit 5
            """)
        .param("policy", policy)
        .param("replica", replicaId)
        .query((row, number) -> row.getString("name"))
        .list();
  }

  /**
   * Writes the policy, whose name stands for the same settings wherever it is relied on.
   *
   * @param replicaId the replica for which it is written; empty when it is for none
   * @throws FaultException INVALID_INPUT when other VMs rely on other settings of that name
   */
  static void keep(JdbcClient jdbc, Policy policy, String replicaId) {
    jdbc.sql("lock table policy in share row exclusive mode").update();
    Optional<Policy> known = read(jdbc, policy.name());
    if (known.isPresent() && known.get().equals(policy)) {
      return;
    }
    List<String> others = reliedOnBy(jdbc, policy.name(), replicaId);
    if (known.isPresent() && !others.isEmpty()) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Policy '%s' stands for other settings, which %s rely on. Give this one another name, or reconfigure all of them."
              .formatted(policy.name(), String.join(", ", others)));
    }
    write(jdbc, policy);
  }

  /** Writes the policy in place of one of the same name. */
  static void write(JdbcClient jdbc, Policy policy) {
    Duration age = policy.retention().age();
    Duration compare = policy.compareEvery();
    jdbc.sql(
            """
            insert into policy (name, interval_millis, rpo_objective_millis, retention_points,
                                retention_age_millis, consistency, checks,
                                compare_every_millis)
            values (:name, :interval, :rpo, :points, :age, :consistency, :checks::jsonb, :compare)
            on conflict (name) do update
            set interval_millis = excluded.interval_millis,
                rpo_objective_millis = excluded.rpo_objective_millis,
                retention_points = excluded.retention_points,
                retention_age_millis = excluded.retention_age_millis,
                consistency = excluded.consistency, checks = excluded.checks,
                compare_every_millis = excluded.compare_every_millis
            """)
        .param("name", policy.name())
        .param("interval", policy.interval().toMillis())
        .param("rpo", policy.rpoObjective().toMillis())
        .param("points", policy.retention().points())
        .param("age", age == null ? null : age.toMillis(), java.sql.Types.BIGINT)
        .param("consistency", policy.consistency().name())
        .param("checks", Json.of(policy.checks()))
        .param("compare", compare == null ? null : compare.toMillis(), java.sql.Types.BIGINT)
        .update();
  }
}
