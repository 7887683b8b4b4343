package io.switchback.registry;

import io.switchback.model.ProtectionRule;
import io.switchback.port.Done;
import io.switchback.port.ProtectionRuleActivities;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rules of protection in PostgreSQL. */
public final class PostgresProtectionRuleActivities implements ProtectionRuleActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresProtectionRuleActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresProtectionRuleActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Done writeRule(WriteRule request) {
    return database.inTransaction(
        jdbc -> {
          Policies.keep(jdbc, request.policy(), "");
          int changed =
              jdbc.sql(
                      """
                      insert into protection_rule as known (id, rule, asked_by)
                      values (:id, :rule::jsonb, :by)
                      on conflict (id) do update set rule = excluded.rule, asked_by = excluded.asked_by
                      where known.rule <> excluded.rule
                      """)
                  .param("id", request.rule().id())
                  .param("rule", Json.of(request.rule()))
                  .param("by", request.by())
                  .update();
          return new Done(changed > 0, attempt.number());
        });
  }

  @Override
  public Done removeRule(RemoveRule request) {
    return database.inTransaction(
        jdbc -> {
          int changed =
              jdbc.sql("delete from protection_rule where id = :id")
                  .param("id", request.ruleId())
                  .update();
          return new Done(changed > 0, attempt.number());
        });
  }

  @Override
  public RuleStanding readRule(ReadRule request) {
    return database.inSnapshot(
        jdbc ->
            new RuleStanding(
                rule(jdbc, request.ruleId()), joined(jdbc, request.ruleId()), attempt.number()));
  }

  private static @org.jspecify.annotations.Nullable ProtectionRule rule(
      JdbcClient jdbc, String id) {
    return jdbc.sql("select rule from protection_rule where id = :id")
        .param("id", id)
        .query(String.class)
        .optional()
        .map(Json::rule)
        .orElse(null);
  }

  private static List<String> joined(JdbcClient jdbc, String id) {
    return jdbc.sql(
            "select production_vm from protection_rule_vm where rule_id = :id order by production_vm")
        .param("id", id)
        .query((row, number) -> row.getString("production_vm"))
        .list();
  }

  @Override
  public Done recordJoined(RecordJoined request) {
    return database.inTransaction(
        jdbc -> {
          int changed = 0;
          for (String vm : request.vms()) {
            // A rule that was removed meanwhile remembers nobody.
            changed +=
                jdbc.sql(
                        """
                        insert into protection_rule_vm (rule_id, production_vm)
                        select id, :vm from protection_rule where id = :rule
                        on conflict do nothing
                        """)
                    .param("rule", request.ruleId())
                    .param("vm", vm)
                    .update();
          }
          return new Done(changed > 0, attempt.number());
        });
  }
}
