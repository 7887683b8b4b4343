package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.CatalogueActivities;
import io.switchback.port.Done;
import io.switchback.port.SiteActivities.Greeting;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL holds of the estate. */
public final class PostgresCatalogueActivities implements CatalogueActivities {
  /** Two that write the same rows at once take their locks in one order. */
  private static final Comparator<Greeting> ALWAYS_THE_SAME =
      Comparator.comparing(Greeting::site)
          .thenComparing(Greeting::queue)
          .thenComparing(Greeting::worker);

  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresCatalogueActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresCatalogueActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Resolution resolve(Resolve request) {
    return database.inSnapshot(jdbc -> new Resolver(jdbc, request).resolve());
  }

  @Override
  public Done recordGreetings(RecordGreetings request) {
    return database.inTransaction(
        jdbc -> {
          List<Greeting> greetings = request.greetings().stream().sorted(ALWAYS_THE_SAME).toList();
          greetings.forEach(greeting -> recognise(jdbc, greeting));
          int changed = greetings.stream().mapToInt(greeting -> record(jdbc, greeting)).sum();
          return new Done(changed > 0, attempt.number());
        });
  }

  @Override
  public Done recordAudit(RecordAudit request) {
    return database.inTransaction(
        jdbc -> {
          int changed = request.entries().stream().mapToInt(entry -> record(jdbc, entry)).sum();
          return new Done(changed > 0, attempt.number());
        });
  }

  private static void recognise(JdbcClient jdbc, Greeting greeting) {
    String platform = greeting.platform();
    if (platform == null) {
      return;
    }
    jdbc.sql("update site set platform = :platform where name = :site and platform is null")
        .param("platform", platform)
        .param("site", greeting.site())
        .update();
    jdbc.sql("select platform from site where name = :site")
        .param("site", greeting.site())
        .query(String.class)
        .optional()
        .filter(known -> !known.equals(platform))
        .ifPresent(
            known -> {
              throw new FaultException(
                  Fault.CHECK_FAILED,
                  "Could not take '%s' for site '%s', which is '%s': its VMs are known by ids of that one. If it was replaced and its VMs kept theirs, say so with `switchback site accept %s`; if not, put the site's address right."
                      .formatted(platform, greeting.site(), known, greeting.site()));
            });
  }

  private static int record(JdbcClient jdbc, Greeting greeting) {
    return jdbc.sql(
            """
            insert into greeting as known (site, queue, worker, build, data_address,
                                           highest_generation, highest_epoch, answered_at, platform)
            values (:site, :queue, :worker, :build, :dataAddress, :generation, :epoch, :at,
                    :platform)
            on conflict (site, queue, worker) do update
            set build = excluded.build, data_address = excluded.data_address,
                highest_generation = excluded.highest_generation,
                highest_epoch = excluded.highest_epoch,
                answered_at = excluded.answered_at,
                platform = excluded.platform
            where known.answered_at < excluded.answered_at
            """)
        .param("site", greeting.site())
        .param("queue", greeting.queue())
        .param("worker", greeting.worker())
        .param("build", greeting.build())
        .param("dataAddress", greeting.dataAddress())
        .param("generation", greeting.highestGeneration())
        .param("epoch", greeting.highestEpoch())
        .param("at", greeting.at().atOffset(ZoneOffset.UTC))
        .param("platform", greeting.platform())
        .update();
  }

  private static int record(JdbcClient jdbc, AuditEntry entry) {
    return jdbc.sql(
            """
            insert into audit (operation_id, operation, replica_id, step, step_number, attempt,
                               outcome, asked_by, detail, at)
            values (:operationId, :operation, :replica, :step, :stepNumber, :attempt,
                    :outcome, :by, :detail, :at)
            on conflict do nothing
            """)
        .param("operationId", entry.operationId())
        .param("operation", entry.operation().name())
        .param("replica", entry.replicaId())
        .param("step", entry.step())
        .param("stepNumber", entry.stepNumber())
        .param("attempt", entry.attempt())
        .param("outcome", entry.outcome())
        .param("by", entry.by())
        .param("detail", entry.detail())
        .param("at", entry.at().atOffset(ZoneOffset.UTC))
        .update();
  }
}
