package io.switchback.registry;

import io.switchback.model.ProtectionRule;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What refers to a site, in words, with what to do about it. */
final class SiteUses {
  private static final int NAMED = 8;

  private SiteUses() {}

  static List<String> of(JdbcClient jdbc, String site) {
    List<String> uses = new ArrayList<>();
    List<String> vms = vms(jdbc, site);
    if (!vms.isEmpty()) {
      uses.add(
          "%d VMs are protected from or to it: %s; unprotect them first"
              .formatted(vms.size(), named(vms)));
    }
    List<String> runs = runs(jdbc, site);
    if (!runs.isEmpty()) {
      uses.add(
          "%d VMs are being protected from or to it: %s; wait for these runs, or abort them"
              .formatted(runs.size(), named(runs)));
    }
    List<String> rules = rules(jdbc, site);
    if (!rules.isEmpty()) {
      uses.add(
          "what comes with %s is protected from or to it; end that with Unprotect first"
              .formatted(named(rules)));
    }
    return uses;
  }

  private static String named(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(NAMED, all.size())))
        + (all.size() > NAMED ? ", …" : "");
  }

  private static List<String> vms(JdbcClient jdbc, String site) {
    return jdbc.sql(
            """
            select v.name, r.state from replica r
            join vm v on v.site = r.production_site and v.id = r.production_vm
            where :site in (r.production_site, r.recovery_site) order by v.name
            """)
        .param("site", site)
        .query(
            (row, number) ->
                row.getString("name")
                    + (row.getString("state").equals("PERMANENT")
                        ? " (its replica is production now)"
                        : ""))
        .list();
  }

  /** A VM whose replica is written already is named as protected, not twice. */
  private static List<String> runs(JdbcClient jdbc, String site) {
    return jdbc.sql(
            """
            select production_vm, workflow_id, asked_by from reservation v
            where :site in (production_site, recovery_site)
              and not exists (select from replica r where r.id = v.replica_id)
            order by production_vm
            """)
        .param("site", site)
        .query(
            (row, number) ->
                "%s by run '%s', started by %s"
                    .formatted(
                        row.getString("production_vm"),
                        row.getString("workflow_id"),
                        row.getString("asked_by")))
        .list();
  }

  private static List<String> rules(JdbcClient jdbc, String site) {
    return jdbc
        .sql("select rule from protection_rule order by id")
        .query((row, number) -> Json.rule(row.getString("rule")))
        .list()
        .stream()
        .filter(rule -> List.of(rule.from(), rule.to()).contains(site))
        .map(ProtectionRule::words)
        .toList();
  }
}
