package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lets a registry that was restored from an old backup give out fences again: a generation above
 * all that sites have seen, so that no number is given out twice.
 */
public final class RegistryRecovery {
  private final RegistryDatabase database;

  public RegistryRecovery(RegistryDatabase database) {
    this.database = database;
  }

  /** The highest fence that a site says it has seen. */
  public record Seen(String site, long generation, long epoch) {}

  /** What was found, and the generation from now on. */
  public record Recovered(String found, long before, long generation) {}

  /**
   * Raises the generation above everything that sites have seen, and tells the audit.
   *
   * @param reports of sites that were asked just now, beside what workers have answered before
   * @throws FaultException REFUSED, and nothing changed, when no site has seen more than was given
   *     out; REGISTRY_UNAVAILABLE
   */
  public Recovered recover(List<Seen> reports, String by, String reason) {
    return database.inTransaction(
        jdbc -> {
          long before =
              jdbc.sql("select generation from controller for update").query(Long.class).single();
          long given = jdbc.sql("select last_value from epoch").query(Long.class).single();
          Optional<Seen> told =
              reports.stream().filter(seen -> isAhead(seen, before, given)).findFirst();
          String found =
              FencesSeen.ahead(jdbc)
                  .or(() -> told.map(seen -> sentence(seen, before, given)))
                  .orElseThrow(() -> notAhead(before, given));
          long after = Math.max(highest(jdbc), highest(reports)) + 1;
          jdbc.sql("update controller set generation = :after").param("after", after).update();
          tellAudit(
              jdbc, by, "%s; generation %d -> %d: %s".formatted(found, before, after, reason));
          return new Recovered(found, before, after);
        });
  }

  private static boolean isAhead(Seen seen, long generation, long epoch) {
    return seen.generation() > generation
        || (seen.generation() == generation && seen.epoch() > epoch);
  }

  private static String sentence(Seen seen, long generation, long epoch) {
    return "site '%s' has seen fence %d.%d, the registry has given out %d.%d at most"
        .formatted(seen.site(), seen.generation(), seen.epoch(), generation, epoch);
  }

  private static FaultException notAhead(long generation, long epoch) {
    return new FaultException(
        Fault.REFUSED,
        "Nothing was changed: no site has seen a fence above %d.%d, which the registry has given out. There is nothing to recover from."
            .formatted(generation, epoch));
  }

  private static long highest(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select greatest((select max(highest_generation) from greeting),
                            (select generation from controller))
            """)
        .query(Long.class)
        .single();
  }

  private static long highest(List<Seen> reports) {
    return reports.stream().mapToLong(Seen::generation).max().orElse(0);
  }

  private static void tellAudit(JdbcClient jdbc, String by, String detail) {
    jdbc.sql(
            """
            insert into audit (operation_id, operation, replica_id, step, step_number, attempt,
                               outcome, asked_by, detail, at)
            values (:id, :operation, '', 'recoverRegistry', 1, 1, 'DONE', :by, :detail, :at)
            """)
        .param("id", UUID.randomUUID().toString())
        .param("operation", Operation.RECONCILE.name())
        .param("by", by)
        .param("detail", detail)
        .param("at", jdbc.sql("select clock_timestamp()").query(OffsetDateTime.class).single())
        .update();
  }
}
