package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.AdmissionActivities;
import io.switchback.port.Done;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Admission leases in PostgreSQL; time is the database's, so that workers' clocks do not matter.
 */
public final class PostgresAdmissionActivities implements AdmissionActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresAdmissionActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresAdmissionActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Done admit(Admit request) {
    return database.inTransaction(
        jdbc -> {
          int atMost = lockCap(jdbc, request);
          forgetEnded(jdbc, request);
          boolean isAdmitted = prolong(jdbc, request);
          if (!isAdmitted) {
            refuseWhenFull(jdbc, request, atMost);
            insert(jdbc, request);
          }
          return new Done(!isAdmitted, attempt.number());
        });
  }

  @Override
  public Done dismiss(Dismiss request) {
    return database.inTransaction(
        jdbc -> {
          int changed =
              jdbc.sql(
                      "delete from admission_lease where site = :site and cap = :cap and holder = :holder")
                  .param("site", request.site())
                  .param("cap", request.cap().name())
                  .param("holder", request.holder())
                  .update();
          return new Done(changed > 0, attempt.number());
        });
  }

  /** Locks the cap, so that whoever asks next counts this one, too. */
  private static int lockCap(JdbcClient jdbc, Admit request) {
    return jdbc.sql(
            """
            select at_most from site_cap
            where site = :site and cap = :cap and place = '' for update
            """)
        .param("site", request.site())
        .param("cap", request.cap().name())
        .query(Integer.class)
        .optional()
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.INVALID_INPUT,
                    "Could not admit '%s': the registry knows no cap %s of site '%s'. Enrol the site first."
                        .formatted(request.holder(), request.cap(), request.site())));
  }

  private static void forgetEnded(JdbcClient jdbc, Admit request) {
    jdbc.sql(
            """
            delete from admission_lease
            where site = :site and cap = :cap and ends_at <= clock_timestamp()
            """)
        .param("site", request.site())
        .param("cap", request.cap().name())
        .update();
  }

  private static boolean prolong(JdbcClient jdbc, Admit request) {
    return jdbc.sql(
                """
                update admission_lease
                set ends_at = greatest(ends_at, clock_timestamp() + :millis * interval '1 ms')
                where site = :site and cap = :cap and holder = :holder
                """)
            .param("millis", request.limit().toMillis())
            .param("site", request.site())
            .param("cap", request.cap().name())
            .param("holder", request.holder())
            .update()
        > 0;
  }

  private static void refuseWhenFull(JdbcClient jdbc, Admit request, int atMost) {
    int admitted =
        jdbc.sql("select count(*) from admission_lease where site = :site and cap = :cap")
            .param("site", request.site())
            .param("cap", request.cap().name())
            .query(Integer.class)
            .single();
    if (admitted >= atMost) {
      throw new FaultException(
          Fault.NO_ADMISSION,
          "Could not admit '%s' at site '%s': %d of at most %d are %s already. It is asked again until there is room."
              .formatted(request.holder(), request.site(), admitted, atMost, words(request.cap())));
    }
  }

  private static void insert(JdbcClient jdbc, Admit request) {
    jdbc.sql(
            """
            insert into admission_lease (site, cap, holder, admitted_at, ends_at)
            values (:site, :cap, :holder, clock_timestamp(),
                    clock_timestamp() + :millis * interval '1 ms')
            """)
        .param("millis", request.limit().toMillis())
        .param("site", request.site())
        .param("cap", request.cap().name())
        .param("holder", request.holder())
        .update();
  }

  private static String words(Cap cap) {
    return switch (cap) {
      case STARTING -> "starting";
      case TRANSFERRING -> "copying";
    };
  }
}
